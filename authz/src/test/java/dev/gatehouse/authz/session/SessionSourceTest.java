package dev.gatehouse.authz.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionSourceTest {

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1 (the machine of the server)", "::1, ::1 (the machine of the server)", "192.168.3.4, 192.168.3.4 (a private network)",
        "10.0.0.1, 10.0.0.1 (a private network)", "172.31.0.1, 172.31.0.1 (a private network)", "169.254.1.1, 169.254.1.1 (a private network)",
        "fd00::1, fd00::1 (a private network)", "fe80::1, fe80::1 (a private network)", "203.0.113.9, 203.0.113.9", "172.32.0.1, 172.32.0.1",
        "2001:db8::1, 2001:db8::1", "0:0:0:0:0:0:0:1, ::1 (the machine of the server)", "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1", "somewhere, somewhere"})
    void addressHasTheKindOfItsNetwork(String address, String place) {
        assertThat(new SessionSource(null, address, null).place()).isEqualTo(place);
    }

    @Test
    void countryIsNamed() {
        assertThat(new SessionSource(null, "203.0.113.9", "DE").place()).isEqualTo("203.0.113.9 (Germany)");
        assertThat(new SessionSource(null, null, "DE").place()).isEqualTo("unknown address");
    }
}
