package dev.gatehouse.mcp.api;

import java.util.Map;

/**
 * A call that has run.
 *
 * @param principal the authenticated caller, or null
 * @param operation the name of the tool, or the URI or URI template of the resource
 * @param arguments what went in; for a resource {@code uri} alone
 * @param text      the text that came out, an error's text too
 * @param failed    whether the tool or the read failed
 */
public record ObservedCall(Principal principal, String operation, Map<String, Object> arguments, String text, boolean failed) {
}
