package dev.gatehouse.shared.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class TlsIdentityTest {

    private final JsonObject files = new JsonObject().put("certificateFile", "c.pem").put("keyFile", "k.pem");

    @Test
    void suitesAreThoseOfRfc9325WithoutAnyConfiguration() {
        assertThat(TlsIdentity.of(files).cipherSuites())
            .allMatch(suite -> !suite.contains("_WITH_") || suite.startsWith("TLS_ECDHE_"))
            .allMatch(suite -> suite.contains("GCM") || suite.contains("POLY1305"));
    }

    @Test
    void suitesOfTheConfigurationAreTakenInItsOrder() {
        JsonArray suites = JsonArray.of("TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");
        assertThat(TlsIdentity.of(files.copy().put("cipherSuites", suites)).cipherSuites())
            .containsExactly("TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");
    }

    @Test
    void suiteThatThisJavaDoesNotHaveIsNamed() {
        JsonObject unknown = files.copy().put("cipherSuites", JsonArray.of("AES128-GCM"));
        assertThatThrownBy(() -> TlsIdentity.of(unknown)).isInstanceOf(StartupException.class)
            .hasMessageContaining("tls.cipherSuites").hasMessageContaining("AES128-GCM");
    }

    @Test
    void withoutTheSectionThereIsNone() {
        assertThat(TlsIdentity.of(null)).isNull();
    }
}
