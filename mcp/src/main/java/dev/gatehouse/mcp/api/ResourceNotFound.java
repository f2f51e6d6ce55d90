package dev.gatehouse.mcp.api;

/** This caller has no such resource. Another user's resource is not found either. */
public final class ResourceNotFound extends RuntimeException {

    /** The URI that was asked for. */
    private final String uri;

    /**
     * Creates the failure.
     *
     * @param uri the URI that was asked for
     */
    public ResourceNotFound(String uri) {
        super("Resource not found", null, false, false);
        this.uri = uri;
    }

    /** {@return the URI that was asked for} */
    public String uri() {
        return uri;
    }
}
