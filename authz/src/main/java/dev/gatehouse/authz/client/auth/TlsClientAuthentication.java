package dev.gatehouse.authz.client.auth;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.ClientMetadata;
import dev.gatehouse.authz.client.auth.AuthenticationMethod.Credentials;
import io.netty.util.NetUtil;
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
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

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

    /** The names in a certificate, compared with the one that a client has registered (RFC 8705 §2.1.2). */
    private static final class CertificateNames {

        private static final String SUBJECT = "tls_client_auth_subject_dn";
        private static final int DNS = 2;
        private static final int ADDRESS = 7;
        /** Members of the client's metadata, and the kind of alternative name that each compares (RFC 5280 §4.2.1.6). */
        private static final Map<String, Integer> ALTERNATIVE_NAMES = Map.of("tls_client_auth_san_email", 1,
            "tls_client_auth_san_dns", DNS, "tls_client_auth_san_uri", 6, "tls_client_auth_san_ip", ADDRESS);

        private CertificateNames() {
        }

        /** Returns whether a certificate has the registered name; false for a client without one. */
        static boolean hold(X509Certificate certificate, ClientMetadata metadata) {
            String subject = metadata.text(SUBJECT);
            if (subject != null) {
                return isDistinguishedName(certificate.getSubjectX500Principal(), subject);
            }
            return ALTERNATIVE_NAMES.entrySet().stream().filter(each -> metadata.text(each.getKey()) != null)
                .anyMatch(each -> holdAlternative(certificate, each.getValue(), metadata.text(each.getKey())));
        }

        private static boolean isDistinguishedName(X500Principal name, String registered) {
            try {
                return name.equals(new X500Principal(registered));
            } catch (IllegalArgumentException notOne) {
                return false;
            }
        }

        private static boolean holdAlternative(X509Certificate certificate, int kind, String registered) {
            try {
                Collection<List<?>> names = certificate.getSubjectAlternativeNames();
                return names != null && names.stream().filter(name -> name.get(0).equals(kind))
                    .anyMatch(name -> isSame(kind, String.valueOf(name.get(1)), registered));
            } catch (CertificateParsingException e) {
                return false;
            }
        }

        /** Addresses are compared as numbers, since IPv6 has many spellings of each (RFC 5952 §8). */
        private static boolean isSame(int kind, String name, String registered) {
            if (kind == ADDRESS) {
                byte[] address = NetUtil.createByteArrayFromIpAddressString(name);
                return address != null && Arrays.equals(address, NetUtil.createByteArrayFromIpAddressString(registered));
            }
            return kind == DNS ? name.equalsIgnoreCase(registered) : name.equals(registered);
        }
    }
}
