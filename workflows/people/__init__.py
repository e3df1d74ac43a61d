"""People (人员): their accounts, their roles, and what each of them may see."""
