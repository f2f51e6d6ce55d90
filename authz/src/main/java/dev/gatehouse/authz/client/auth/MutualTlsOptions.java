package dev.gatehouse.authz.client.auth;

import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.ClientCertificates;

/**
 * Client certificates (RFC 8705).
 *
 * @param enabled whether the server requests one
 * @param trustFile PEM file of the authorities whose certificates are accepted; null for registered certificates only
 * @param proxyHeader whether the trusted proxies send it in the header {@code Client-Cert} (RFC 9440)
 */
public record MutualTlsOptions(boolean enabled, String trustFile, boolean proxyHeader) {

    /** Returns the certificates of requests. */
    public ClientCertificates certificates(ClientAddress addresses) {
        return ClientCertificates.configured(enabled, proxyHeader, addresses);
    }
}
