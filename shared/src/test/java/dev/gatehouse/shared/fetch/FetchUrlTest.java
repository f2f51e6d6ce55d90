package dev.gatehouse.shared.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchUrlTest {

    @ParameterizedTest
    @ValueSource(strings = {"http://app.example.com/c", "HTTPS://app.example.com/c", "ftp://app.example.com/c", "file:///etc/passwd",
        "//app.example.com/c", "app.example.com/c", "", "https:///c", "https:c", "https://user@app.example.com/c",
        "https://user:secret@app.example.com/c", "https://@app.example.com/c", "https://app.example.com/c#f", "https://app.example.com/c#",
        "https://app.example.com\\@127.0.0.1/c", "https://app.example.com/c d", "https://app.example.com/\u00e9",
        "https://\u0430pp.example.com/c", "https://app.example.com%2f.local/c", "https://app_example/c", "https://intranet/c",
        "https://app.example.com./c", "https://localhost/c", "https://foo.localhost/c", "https://printer.local/c",
        "https://metadata.google.internal/c", "https://1.0.0.127.in-addr.arpa/c", "https://app.example.com:22/c",
        "https://app.example.com:0/c", "https://app.example.com:65536/c", "https://app.example.com:80/c"})
    void urlThatIsNotAPlainPublicHttpsOneIsRefused(String url) {
        refused(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "8.8.8.8", "127.1", "127.0.1", "0177.0.0.1", "0177.1", "0x7f.0.0.1", "0x7f.1", "0x7f000001",
        "0X7F000001", "2130706433", "017700000001", "0", "127.0.0.0x1", "127.0.0.1.", "1.2.3.4.5", "[::1]", "[::]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "[fe80::1%25eth0]", "[2606:4700:4700::1111]", "[0:0:0:0:0:0:0:1]", "①②⑦.⓪.⓪.①"})
    void addressInAnySpellingIsRefused(String host) {
        refused("https://" + host + "/client.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example.com/client.json", "https://app.example.com", "https://APP.example.com:443/c?v=1",
        "https://app.example.com:8443/c", "https://xn--bcher-kva.example/c", "https://3com.example/c"})
    void plainPublicHttpsUrlIsTaken(String url) {
        FetchUrl parsed = FetchUrl.parse(url, false);
        assertThat(parsed.tls()).isTrue();
        assertThat(parsed.loopback()).isFalse();
        assertThat(parsed.host()).isLowerCase();
        assertThat(parsed.target()).startsWith("/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:3000/c", "http://127.0.0.1:3000/c", "https://localhost/c", "http://[::1]:3000/c"})
    void thisMachineIsTakenWhereThatIsAllowedAndNowhereElse(String url) {
        assertThat(FetchUrl.parse(url, true).loopback()).isTrue();
        refused(url);
    }

    @Test
    void plainHttpToOthersIsRefusedWhereThisMachineIsAllowed() {
        assertThatThrownBy(() -> FetchUrl.parse("http://app.example.com/c", true)).isInstanceOf(FetchException.class);
        assertThatThrownBy(() -> FetchUrl.parse("http://0x7f.1/c", true)).isInstanceOf(FetchException.class);
        assertThatThrownBy(() -> FetchUrl.parse("https://10.0.0.1/c", true)).isInstanceOf(FetchException.class);
    }

    private static void refused(String url) {
        assertThatThrownBy(() -> FetchUrl.parse(url, false)).isInstanceOf(FetchException.class)
            .extracting(refusal -> ((FetchException) refusal).reason()).isEqualTo(FetchException.Reason.REFUSED);
    }
}
