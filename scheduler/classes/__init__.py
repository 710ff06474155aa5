"""Special study classes (专题研修班): plan, timetable and roster."""
