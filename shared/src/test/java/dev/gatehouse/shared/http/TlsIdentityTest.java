package dev.gatehouse.shared.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.shared.config.StartupException;
import org.junit.jupiter.api.Test;

import java.util.List;

class TlsIdentityTest {

    @Test
    void suitesAreThoseOfRfc9325WithoutAnyConfiguration() {
        assertThat(new TlsIdentity("c.pem", "k.pem", null).cipherSuites())
            .allMatch(suite -> !suite.contains("_WITH_") || suite.startsWith("TLS_ECDHE_"))
            .allMatch(suite -> suite.contains("GCM") || suite.contains("POLY1305"));
    }

    @Test
    void suitesOfTheConfigurationAreTakenInItsOrder() {
        List<String> suites = List.of("TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");
        assertThat(new TlsIdentity("c.pem", "k.pem", suites).cipherSuites())
            .containsExactly("TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");
    }

    @Test
    void suiteThatThisJavaDoesNotHaveIsNamed() {
        List<String> unknown = List.of("AES128-GCM");
        assertThatThrownBy(() -> new TlsIdentity("c.pem", "k.pem", unknown)).isInstanceOf(StartupException.class)
            .hasMessageContaining("tls.cipherSuites").hasMessageContaining("AES128-GCM");
    }
}
