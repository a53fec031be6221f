"""Work that takes longer than a request: a job is done slice by slice, by whoever its queue wakes, and can be watched and cancelled.

What is common to all kinds is here; what a slice does is its kind's own (`slices.Step`).
"""
