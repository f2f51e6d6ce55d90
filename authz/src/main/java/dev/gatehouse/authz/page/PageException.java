package dev.gatehouse.authz.page;

/** An error page for the user. It has no stack trace and never quotes the request. */
public final class PageException extends RuntimeException {

    private final int status;
    private final String title;
    private final String advice;
    private final long retryAfterSeconds;

    private PageException(int status, String title, String advice, long retryAfterSeconds) {
        super(title, null, false, false);
        this.status = status;
        this.title = title;
        this.advice = advice;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** A failure that the caller describes. */
    public static PageException of(int status, String title, String advice) {
        return new PageException(status, title, advice, 0);
    }

    public static PageException expired() {
        return new PageException(400, "This page has expired",
            "Nothing was shared. Go back to the application and connect again.", 0);
    }

    public static PageException finished() {
        return new PageException(403, "This request is already finished",
            "You have already answered it. If the application is still waiting, connect again from there.", 0);
    }

    public static PageException otherBrowser() {
        return new PageException(403, "This page belongs to another browser",
            "You must finish a sign-in in the browser where it started, with cookies allowed. If another person sent you a"
                + " link to this page, close it. If not, go back to the application and connect again.", 0);
    }

    public static PageException forged() {
        return new PageException(403, "This form is not valid",
            "It did not come from a page of this server, or the page is out of date. Nothing was shared."
                + " Go back to the application and connect again.", 0);
    }

    static PageException tooLarge() {
        return new PageException(413, "The form is too large", "The form is larger than this server accepts.", 0);
    }

    static PageException incomplete() {
        return new PageException(400, "The form is incomplete", "The connection broke, or it was too slow. Go back and send the form again.", 0);
    }

    public static PageException tooMany(long retryAfterSeconds) {
        return new PageException(429, "Too many requests", "Wait a moment, then reload this page.", retryAfterSeconds);
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    public String advice() {
        return advice;
    }

    /** The value for {@code Retry-After}; 0 for none. */
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
