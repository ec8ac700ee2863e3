"""``wence doctor``: is all in order that ``wence serve`` needs, and if not, what is to be done?"""
