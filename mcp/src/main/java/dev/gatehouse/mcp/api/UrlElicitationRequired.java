package dev.gatehouse.mcp.api;

import java.util.List;

/**
 * A call cannot be answered until the user has been on a page, and does not wait for that: the client makes it again. Revision 2025-11-25
 * has an error for it (-32042), revision 2026-07-28 a result that asks for input.
 */
public final class UrlElicitationRequired extends RuntimeException {

    private final transient List<InputRequest> pages;

    /**
     * Creates the failure.
     *
     * @param pages made by {@link InputRequest#elicitationUrl}; not empty
     */
    public UrlElicitationRequired(List<InputRequest> pages) {
        super("The user must first go to " + pages.get(0).params().get("url"), null, false, false);
        this.pages = List.copyOf(pages);
    }

    /**
     * Creates the failure with a message.
     *
     * @param message for clients that do not open pages
     * @param pages   made by {@link InputRequest#elicitationUrl}; not empty
     */
    public UrlElicitationRequired(String message, List<InputRequest> pages) {
        super(message, null, false, false);
        this.pages = List.copyOf(pages);
    }

    /** {@return the pages that the user must visit} */
    public List<InputRequest> pages() {
        return pages;
    }
}
