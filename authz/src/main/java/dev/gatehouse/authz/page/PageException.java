package dev.gatehouse.authz.page;

/** A refusal that is shown to the person, with what to do next. No stack trace, and no words of the request. */
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

    public static PageException expired() {
        return new PageException(400, "This page has expired",
            "Nothing was shared. Go back to the application and connect again.", 0);
    }

    public static PageException finished() {
        return new PageException(403, "This request is already finished",
            "You have answered it before. If the application is still waiting, connect again from there.", 0);
    }

    public static PageException otherBrowser() {
        return new PageException(403, "This page belongs to another browser",
            "A sign-in has to be finished in the browser it was started in, with cookies allowed. If somebody sent you a"
                + " link to this page, close it. If not, go back to the application and connect again.", 0);
    }

    public static PageException forged() {
        return new PageException(403, "That form could not be trusted",
            "It did not come from a page that this server showed you, or that page is out of date. Nothing was shared."
                + " Go back to the application and connect again.", 0);
    }

    static PageException tooLarge() {
        return new PageException(413, "That was too much", "The form that was sent is larger than any of ours, or was sent too slowly.", 0);
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

    /** 0 where waiting does not help. */
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
