"""`huzhu agent`: hands in what is dropped on a machine that has nothing else of the office."""
