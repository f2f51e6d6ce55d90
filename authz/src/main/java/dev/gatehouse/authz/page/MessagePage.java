package dev.gatehouse.authz.page;

import java.util.Locale;

/**
 * Says how something ended, and what to do next.
 *
 * @param detail for the author of the application, or empty
 * @param requestId as the log names the request
 */
public record MessagePage(String title, String advice, String detail, String requestId, Mark mark) implements PageModel.Source {

    @Override
    public PageModel model() {
        return PageModel.text("message", title, detail.isEmpty() ? advice : advice + " " + detail, "");
    }

    /** The sign above the title. */
    public enum Mark {
        DONE, DENIED, STOP;

        /** The class of the style sheet. */
        public String style() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
