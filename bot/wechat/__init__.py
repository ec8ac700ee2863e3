"""WeChat customer service (微信客服 of 企业微信): its messages in, replies out. Decides nothing; what a message means is the business of ``conversations``."""
