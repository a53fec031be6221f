"""Our widget beside the surveys of PostHog and Formbricks as npm has them: what a visitor pays until there is a question to answer."""
