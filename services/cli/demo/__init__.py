"""The main job, seen at work: charities register, send what they have, and the doubles among it are caught."""
