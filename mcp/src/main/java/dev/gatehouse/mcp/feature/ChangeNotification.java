package dev.gatehouse.mcp.feature;

/** How clients are told of changes, in every era. */
public final class ChangeNotification {

    private ChangeNotification() {
    }

    /** The method of the notification. */
    public static String method(Change.Kind kind) {
        return switch (kind) {
            case TOOLS -> "notifications/tools/list_changed";
            case PROMPTS -> "notifications/prompts/list_changed";
            case RESOURCES -> "notifications/resources/list_changed";
            case RESOURCE_UPDATED -> "notifications/resources/updated";
        };
    }
}
