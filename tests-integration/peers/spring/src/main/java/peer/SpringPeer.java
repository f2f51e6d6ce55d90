package peer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An authorization server with one client and opaque tokens in memory. Takes its port as {@code --server.port}. */
@SpringBootApplication
public class SpringPeer {

    public static void main(String[] arguments) {
        SpringApplication.run(SpringPeer.class, arguments);
    }

    /** Compares the secret as plain text, because a generated secret needs no slow hash. By default the framework would use BCrypt, which takes 70 ms. */
    @Bean
    PasswordEncoder secrets() {
        return new PasswordEncoder() {

            @Override
            public String encode(CharSequence secret) {
                return secret.toString();
            }

            @Override
            public boolean matches(CharSequence secret, String stored) {
                return stored.contentEquals(secret);
            }
        };
    }

    @Bean
    RegisteredClientRepository clients() {
        return new InMemoryRegisteredClientRepository(RegisteredClient.withId("1").clientId("mcp-test-client").clientSecret("mcp-test-secret")
            .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC).authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
            .scope("mcp:read").tokenSettings(TokenSettings.builder().accessTokenFormat(OAuth2TokenFormat.REFERENCE).accessTokenTimeToLive(Duration.ofHours(1))
                .build()).build());
    }

    @Bean
    OAuth2AuthorizationService authorizations() {
        return new Authorizations();
    }

    /** Finds a token by its value. The framework's own service in memory compares a token with each one that is stored. */
    static final class Authorizations implements OAuth2AuthorizationService {
        private final Map<String, OAuth2Authorization> byToken = new ConcurrentHashMap<>();

        @Override
        public void save(OAuth2Authorization authorization) {
            byToken.put(authorization.getAccessToken().getToken().getTokenValue(), authorization);
        }

        @Override
        public void remove(OAuth2Authorization authorization) {
            byToken.remove(authorization.getAccessToken().getToken().getTokenValue());
        }

        @Override
        public OAuth2Authorization findById(String id) {
            return byToken.values().stream().filter(authorization -> authorization.getId().equals(id)).findFirst().orElse(null);
        }

        @Override
        public OAuth2Authorization findByToken(String token, OAuth2TokenType type) {
            return byToken.get(token);
        }
    }
}
