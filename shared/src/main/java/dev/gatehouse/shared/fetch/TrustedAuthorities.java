package dev.gatehouse.shared.fetch;

import io.vertx.core.net.TrustOptions;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The platform's certificate authorities plus those of a PEM file. */
public final class TrustedAuthorities {

    private TrustedAuthorities() {
    }

    /**
     * Reads a PEM file. Blocking.
     *
     * @param pem the PEM file
     * @return the platform's certificate authorities and those of the file
     * @throws IOException if the file cannot be read or has no certificate
     */
    public static TrustOptions withFile(Path pem) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate authority : platform().getAcceptedIssuers()) {
                store.setCertificateEntry("authority-" + store.size(), authority);
            }
            try (InputStream file = Files.newInputStream(pem)) {
                Collection<? extends Certificate> authorities = CertificateFactory.getInstance("X.509").generateCertificates(file);
                if (authorities.isEmpty()) {
                    throw new IOException("There is no certificate in " + pem);
                }
                for (Certificate authority : authorities) {
                    store.setCertificateEntry("authority-" + store.size(), authority);
                }
            }
            return TrustOptions.wrap(trustManager(store));
        } catch (GeneralSecurityException e) {
            throw new IOException("Cannot read certificates from " + pem, e);
        }
    }

    private static X509TrustManager platform() throws GeneralSecurityException {
        return trustManager(null);
    }

    private static X509TrustManager trustManager(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager) {
                return (X509TrustManager) manager;
            }
        }
        throw new GeneralSecurityException("The platform has no X.509 trust manager");
    }
}
