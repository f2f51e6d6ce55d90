package dev.gatehouse.authz.client.auth;

import dev.gatehouse.authz.client.ClientMetadata;
import io.netty.util.NetUtil;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/** The names in a certificate, compared with the one that a client has registered (RFC 8705 §2.1.2). */
final class CertificateNames {

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
