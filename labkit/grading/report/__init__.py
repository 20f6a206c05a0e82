"""Grades, printed: a table for people, JSON and JUnit XML for machines."""
