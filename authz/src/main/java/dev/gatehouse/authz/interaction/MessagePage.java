package dev.gatehouse.authz.interaction;

/**
 * Says how something ended, and what to do next.
 *
 * @param detail for the one who made the application, or empty
 * @param requestId by which the log knows the request
 * @param calm whether all is as the person wanted it
 */
record MessagePage(String title, String advice, String detail, String requestId, boolean calm) {
}
