package dev.gatehouse.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.client.ClientDeleteRequest;
import com.nimbusds.oauth2.sdk.client.ClientInformation;
import com.nimbusds.oauth2.sdk.client.ClientMetadata;
import com.nimbusds.oauth2.sdk.client.ClientReadRequest;
import com.nimbusds.oauth2.sdk.client.ClientRegistrationErrorResponse;
import com.nimbusds.oauth2.sdk.client.ClientRegistrationRequest;
import com.nimbusds.oauth2.sdk.client.ClientRegistrationResponse;
import com.nimbusds.oauth2.sdk.client.RegistrationError;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.RunningGatehouse;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.util.Set;

/** Nimbus' OAuth SDK registers a client and manages it. */
@Gatehouse
final class NimbusRegistrationIT {
    private final RunningGatehouse gatehouse;

    NimbusRegistrationIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @Test
    void clientIsRegisteredReadAndDeleted() throws ParseException, IOException {
        ClientInformation registered = register("http://127.0.0.1/callback").toSuccessResponse().getClientInformation();
        assertThat(registered.getMetadata().getTokenEndpointAuthMethod()).isEqualTo(ClientAuthenticationMethod.NONE);
        assertThat(registered.getSecret()).isNull();

        ClientInformation read = read(registered).toSuccessResponse().getClientInformation();
        assertThat(read.getID()).isEqualTo(registered.getID());
        assertThat(read.getMetadata().getRedirectionURI()).isEqualTo(URI.create("http://127.0.0.1/callback"));

        HTTPRequest deletion = new ClientDeleteRequest(registered.getRegistrationURI(), registered.getRegistrationAccessToken()).toHTTPRequest();
        assertThat(deletion.send().getStatusCode()).isEqualTo(204);
        assertThat(read(registered).indicatesSuccess()).isFalse();
    }

    @Test
    void addressThatIsNotSafeIsRefusedByItsName() throws ParseException, IOException {
        ClientRegistrationErrorResponse refused = register("http://app.example/callback").toErrorResponse();
        assertThat(refused.getErrorObject()).isEqualTo(RegistrationError.INVALID_REDIRECT_URI);
        assertThat(refused.getErrorObject().getHTTPStatusCode()).isEqualTo(400);
    }

    private ClientRegistrationResponse register(String redirectUri) throws ParseException, IOException {
        ClientMetadata metadata = new ClientMetadata();
        metadata.setName("Nimbus");
        metadata.setRedirectionURI(URI.create(redirectUri));
        metadata.setGrantTypes(Set.of(GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN));
        metadata.setTokenEndpointAuthMethod(ClientAuthenticationMethod.NONE);
        return ClientRegistrationResponse.parse(new ClientRegistrationRequest(URI.create(gatehouse.issuer() + "/oauth/register"),
            metadata, null).toHTTPRequest().send());
    }

    private static ClientRegistrationResponse read(ClientInformation registered) throws ParseException, IOException {
        return ClientRegistrationResponse.parse(new ClientReadRequest(registered.getRegistrationURI(),
            registered.getRegistrationAccessToken()).toHTTPRequest().send());
    }
}
