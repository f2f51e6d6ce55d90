package dev.gatehouse.client.doctor;

/** The names of the steps of a walk. */
final class Step {

    static final String TLS = "tls";
    static final String ANONYMOUS = "mcp.anonymous";
    static final String ANONYMOUS_STREAM = "mcp.anonymousStream";
    static final String INVALID_TOKEN = "mcp.invalidToken";
    static final String BROWSER = "mcp.browser";
    static final String PREFLIGHT = "mcp.preflight";
    static final String RESOURCE_METADATA = "resourceMetadata";
    static final String RESOURCE_METADATA_PREFLIGHT = "resourceMetadata.preflight";
    static final String RESOURCE_METADATA_BROWSER = "resourceMetadata.browser";
    static final String SERVER_METADATA = "serverMetadata";
    static final String SERVER_METADATA_PREFLIGHT = "serverMetadata.preflight";
    static final String SERVER_METADATA_BROWSER = "serverMetadata.browser";
    static final String KEYS = "keys";
    static final String TOKEN_PREFLIGHT = "token.preflight";
    static final String TOKEN_INVALID_CODE = "token.invalidCode";
    static final String REGISTRATION_PREFLIGHT = "registration.preflight";
    static final String REGISTRATION_BROWSER = "registration.browser";
    static final String REGISTRATION_BAD_REDIRECT = "registration.badRedirect";
    /** Followed by the identifier of a client. */
    static final String REGISTRATION = "registration.";
    static final String UNREGISTRATION = "unregistration";
    static final String AUTHORIZE = "authorize";
    static final String AUTHORIZE_OTHER_PORT = "authorize.otherPort";
    static final String AUTHORIZE_OTHER_REDIRECT = "authorize.otherRedirect";
    static final String AUTHORIZE_WITHOUT_PKCE = "authorize.withoutPkce";
    static final String AUTHORIZE_ERROR = "authorize.error";
    /** A fetch of the doctor's own metadata document by the server. */
    static final String DOCUMENT = "document";
    static final String AUTHORIZE_DOCUMENT = "authorize.document";
    static final String AUTHORIZATION_RESPONSE = "authorize.response";
    static final String TOKEN = "token";
    static final String TOKEN_REFRESH = "token.refresh";
    static final String TOKEN_REPLAY = "token.replay";
    static final String INITIALIZE = "mcp.initialize";
    static final String INITIALIZE_EARLIER = "mcp.initializeEarlier";
    static final String DISCOVER = "mcp.discover";
    static final String TOOLS = "mcp.tools";
    static final String STREAM = "mcp.stream";
    static final String LISTEN = "mcp.listen";
    /** The stream of the transport HTTP+SSE, and a message whose answer comes by it. */
    static final String SSE = "mcp.sse";
    static final String SSE_MESSAGE = "mcp.sse.message";

    private Step() {
    }
}
