"""Which figures of a part of the respondents may be shown to somebody who may not read the answers themselves.

A group of few is a person: "plan=pro: 1 detractor" is what somebody answered. So is what is left when a group is taken away from everybody, from
its own figures of a longer period, or from all groups but one. Pseudonymous data are personal (LGPD arts. 5, 12).

Figures of everybody are always shown. A group's are shown for whole *blocks* of weeks (`blocks`), less what is hidden in each (`suppression`);
`shield` judges what was asked for. What that promises, why, and what it doesn't: docs/decisions/0029.
"""
