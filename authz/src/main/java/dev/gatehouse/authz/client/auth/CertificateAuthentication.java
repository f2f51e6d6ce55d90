package dev.gatehouse.authz.client.auth;

import dev.gatehouse.authz.client.auth.AuthenticationMethod.Credentials;

import java.util.List;

/** Authentication by the certificate of the TLS connection (RFC 8705 §2). The client's registration decides between the two methods. */
abstract sealed class CertificateAuthentication implements AuthenticationMethod permits SelfSignedTlsAuthentication, TlsClientAuthentication {

    @Override
    public final boolean isUsed(ClientCall call) {
        return call.isOnlyNamed() && !call.certificates().isEmpty();
    }

    @Override
    public final boolean isLeftToRegistration() {
        return true;
    }

    @Override
    public final List<Credentials> read(ClientCall call) {
        return List.of(new Credentials(call.form().single("client_id"), null));
    }
}
