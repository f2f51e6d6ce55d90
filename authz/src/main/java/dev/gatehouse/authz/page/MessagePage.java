package dev.gatehouse.authz.page;

import java.util.Locale;

/**
 * A result and what to do next.
 *
 * @param detail a text for the developer of the application, or empty
 * @param requestId the identifier of the request in the log
 */
public record MessagePage(String title, String advice, String detail, String requestId, Mark mark) implements PageModel.Source {

    @Override
    public PageModel model() {
        return PageModel.text("message", title, detail.isEmpty() ? advice : advice + " " + detail, "");
    }

    /** The symbol above the title. */
    public enum Mark {
        DONE, DENIED, STOP;

        /** The class in the style sheet. */
        public String style() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
