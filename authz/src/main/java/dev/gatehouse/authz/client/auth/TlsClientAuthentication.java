package dev.gatehouse.authz.client.auth;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A certificate of an authority that is trusted for clients, with the subject that the client has registered (RFC 8705
 * §2.1). Revocation lists are not asked: an operator ends a certificate by changing its client.
 */
public final class TlsClientAuthentication extends CertificateAuthentication {

    private static final Logger LOG = LoggerFactory.getLogger(TlsClientAuthentication.class);
    private static final int DIGITAL_SIGNATURE = 0;
    /** {@code clientAuth}, and any purpose. */
    private static final Set<String> FOR_CLIENTS = Set.of("1.3.6.1.5.5.7.3.2", "2.5.29.37.0");

    private final Vertx vertx;
    private final Set<TrustAnchor> authorities;
    private final Clock clock;

    public TlsClientAuthentication(Vertx vertx, Collection<X509Certificate> authorities, Clock clock) {
        this.vertx = vertx;
        this.authorities = authorities.stream().map(each -> new TrustAnchor(each, null)).collect(Collectors.toUnmodifiableSet());
        this.clock = clock;
    }

    @Override
    public ClientAuthMethod method() {
        return ClientAuthMethod.TLS_CLIENT_AUTH;
    }

    @Override
    public Future<Boolean> verify(Client client, Credentials credentials, ClientCall call) {
        X509Certificate own = call.certificates().get(0);
        return CertificateNames.hold(own, client.metadata()) && isForClients(own)
            ? vertx.executeBlocking(() -> isIssuedByAuthority(client, call.certificates()), false) : Future.succeededFuture(false);
    }

    private boolean isIssuedByAuthority(Client client, List<X509Certificate> chain) {
        try {
            chain.get(0).checkValidity(Date.from(clock.instant()));
            PKIXParameters parameters = new PKIXParameters(authorities);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(clock.instant()));
            List<X509Certificate> path = chain.stream().filter(each -> !isAuthority(each)).toList();
            CertPathValidator.getInstance("PKIX").validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return true;
        } catch (GeneralSecurityException refused) {
            LOG.debug("The certificate of {} is refused: {}", client.id(), refused.getMessage());
            return false;
        }
    }

    private boolean isAuthority(X509Certificate certificate) {
        return authorities.stream().anyMatch(authority -> authority.getTrustedCert().equals(certificate));
    }

    /** An authority certifies servers too. They must not pass for clients of the same name (RFC 5280 §4.2.1.3, §4.2.1.12). */
    private static boolean isForClients(X509Certificate certificate) {
        try {
            boolean[] uses = certificate.getKeyUsage();
            List<String> purposes = certificate.getExtendedKeyUsage();
            return (uses == null || uses[DIGITAL_SIGNATURE]) && (purposes == null || purposes.stream().anyMatch(FOR_CLIENTS::contains));
        } catch (CertificateParsingException e) {
            return false;
        }
    }
}
