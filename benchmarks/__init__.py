"""Speed, as ratios to a plain page served by the same process in the same run; see README.md."""
