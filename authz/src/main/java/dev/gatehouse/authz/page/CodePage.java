package dev.gatehouse.authz.page;

/**
 * Shows a code to be pasted into the application. The state is not shown: a pasted text cannot be forged into another
 * browser's session the way a link can, and PKCE ties the code to the application that asked.
 *
 * @param seconds how long the code is good for
 */
public record CodePage(String application, String code, long seconds) {

    public String title() {
        return "Your code";
    }

    public String life() {
        return Durations.inWords(seconds);
    }
}
