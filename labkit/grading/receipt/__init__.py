"""Receipts: what was seen of a chapter's world and what it was worth, signed.

answers  observation <-> JSON
edition  which version of an exercise was graded
key      the learner's signing key
document the receipt itself: its shape, its canonical bytes, its signature
issue    grade, and write a receipt
verify   check the signature, and judge once more what was seen: that grade counts
"""
