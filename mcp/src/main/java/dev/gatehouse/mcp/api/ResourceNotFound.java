package dev.gatehouse.mcp.api;

/** This caller has no such resource. Another user's resource is not found either. */
public final class ResourceNotFound extends RuntimeException {

    private final String uri;

    public ResourceNotFound(String uri) {
        super("Resource not found", null, false, false);
        this.uri = uri;
    }

    public String uri() {
        return uri;
    }
}
