package dev.gatehouse.authz.interaction;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.fixtures.Page;
import org.junit.jupiter.api.Test;

final class FullFlowTest extends BrowserTest {

    @Test
    void loginAndConsentEndAtTheClientWithACode() {
        Browser browser = server.browser();
        Page consent = login(browser, authorize());
        Page answer = approve(browser, consent);
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.location()).startsWith(FrontServer.CALLBACK + "?code=ghc_");
        assertThat(answer.answer()).containsEntry("state", "xyz").containsEntry("iss", server.issuer()).hasSize(3);
        assertThat(server.codes()).isEqualTo(1);
        assertThat(server.rows("SELECT code_hash FROM authorization_code").get(0).text("code_hash"))
            .isNotEqualTo(answer.answer().get("code"));
    }
}
