package dev.gatehouse.authz.client.document;

import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;

/** Whose documents are taken: the operator's decision about one comes before the lists of hosts, which match exactly. */
final class DocumentHosts {

    private final DocumentOptions options;

    DocumentHosts(DocumentOptions options) {
        this.options = options;
    }

    /** @throws OAuthException {@code invalid_client} */
    void require(String host, DocumentDecision decision) {
        boolean listed = options.allowedHosts().isEmpty() || options.allowedHosts().contains(host);
        boolean taken = switch (decision) {
            case BLOCKED -> false;
            case APPROVED -> true;
            case NONE -> listed && !options.deniedHosts().contains(host);
        };
        if (!taken) {
            throw new OAuthException(OAuthErrorCode.INVALID_CLIENT, "The operator of this server does not admit this application");
        }
    }
}
