package dev.gatehouse.authz.clientauth;

import dev.gatehouse.authz.store.Client;
import dev.gatehouse.authz.store.ClientAuthMethod;
import dev.gatehouse.authz.store.ClientMetadata;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate of an authority that is trusted for clients, with the subject that the client has registered (RFC 8705
 * §2.1). Revocation lists are not asked: an operator ends a certificate by changing its client.
 */
public final class TlsClientAuthentication implements AuthenticationMethod {

    private static final Logger LOG = LoggerFactory.getLogger(TlsClientAuthentication.class);
    private static final String SUBJECT = "tls_client_auth_subject_dn";
    /** Members of the client's metadata, and the kind of alternative name that each compares (RFC 5280 §4.2.1.6). */
    private static final Map<String, Integer> ALTERNATIVE_NAMES = Map.of("tls_client_auth_san_email", 1,
        "tls_client_auth_san_dns", 2, "tls_client_auth_san_uri", 6, "tls_client_auth_san_ip", 7);

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
    public boolean isUsed(ClientCall call) {
        return call.isOnlyNamed() && !call.certificates().isEmpty();
    }

    @Override
    public boolean isLeftToRegistration() {
        return true;
    }

    @Override
    public List<Credentials> read(ClientCall call) {
        return List.of(new Credentials(call.form().single("client_id"), null));
    }

    @Override
    public Future<Boolean> verify(Client client, Credentials credentials, ClientCall call) {
        return isSubject(client.metadata(), call.certificates().get(0))
            ? vertx.executeBlocking(() -> isIssuedByAuthority(client, call.certificates()), false) : Future.succeededFuture(false);
    }

    private boolean isIssuedByAuthority(Client client, List<X509Certificate> chain) {
        try {
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

    private static boolean isSubject(ClientMetadata metadata, X509Certificate certificate) {
        String subject = metadata.text(SUBJECT);
        if (subject != null) {
            return distinguishedName(subject).filter(certificate.getSubjectX500Principal()::equals).isPresent();
        }
        return ALTERNATIVE_NAMES.entrySet().stream().filter(each -> metadata.text(each.getKey()) != null)
            .anyMatch(each -> names(certificate, each.getValue()).contains(metadata.text(each.getKey())));
    }

    private static Optional<X500Principal> distinguishedName(String text) {
        try {
            return Optional.of(new X500Principal(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Set<String> names(X509Certificate certificate, int kind) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            return all == null ? Set.of() : all.stream().filter(each -> each.get(0).equals(kind))
                .map(each -> String.valueOf(each.get(1))).collect(Collectors.toSet());
        } catch (CertificateParsingException e) {
            return Set.of();
        }
    }
}
