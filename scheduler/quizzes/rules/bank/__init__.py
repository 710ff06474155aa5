"""The item bank: what holds of an item, and the forms in which items come and go."""
