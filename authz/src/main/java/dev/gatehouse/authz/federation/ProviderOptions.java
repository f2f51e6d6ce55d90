package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.federation.Preset.Emails;
import dev.gatehouse.authz.session.LoginChoices.Choice;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An identity provider of the configuration. The preset has filled in what the entry leaves out.
 *
 * @param name the name in URLs and forms
 * @param preset the wire name of the {@link Preset}
 * @param label the text on the button
 * @param issuer the issuer identifier, compared byte by byte; null if it is missing
 * @param tenant the tenant of Microsoft Entra, or null
 * @param clientId the identifier of this server at the provider
 * @param clientSecret or null
 * @param clientSecretFile a file that contains the secret, or null
 * @param privateKeyFile a private JWK for {@code private_key_jwt}, or null
 * @param authentication the client authentication method at the token endpoint
 * @param scopes the requested scopes
 * @param domains the domains of the email addresses of the provider's users, for home realm discovery
 * @param apiUrl the URL of GitHub's API or of Microsoft Graph
 * @param groupsClaim the claim with the groups, or null
 * @param emails the meaning of the email address
 * @param linkByEmail whether an identity is linked to the only account with its verified email address
 * @param createAccounts whether a person without an account gets one
 * @param allowed the persons who may log in
 * @param provisioning the SCIM client that has provisioned the provider's users, or null
 * @param trustAuthentication the claims of the provider that count as levels of this server
 * @param recheckSeconds the maximum time between two checks that the person still has access upstream; 0 for no check
 * @param timeoutSeconds the time for one request to the provider
 * @param parameters further parameters of the authorization request
 */
public record ProviderOptions(String name, String preset, String label, String issuer, String tenant, String clientId, String clientSecret,
                              String clientSecretFile, String privateKeyFile, ClientAuthMethod authentication, List<String> scopes,
                              List<String> domains, String apiUrl, String groupsClaim, Emails emails, boolean linkByEmail,
                              boolean createAccounts, AllowedOptions allowed, ProvisioningOptions provisioning, TrustedAuthentication trustAuthentication, long recheckSeconds, long timeoutSeconds,
                              Map<String, String> parameters) {

    public ProviderOptions {
        Preset known = Preset.named(preset);
        label = label == null ? known.label() : label;
        issuer = issuer == null ? known.issuer(tenant) : issuer;
        apiUrl = apiUrl == null && issuer != null ? known.apiUrl(issuer) : apiUrl;
        groupsClaim = groupsClaim == null ? known.groupsClaim() : groupsClaim;
        emails = emails == null ? known.emails() : emails;
        authentication = authentication == null ? known.authentication() : authentication;
        scopes = scopes.isEmpty() ? known.scopes() : List.copyOf(scopes);
        domains = List.copyOf(domains);
        parameters = Map.copyOf(parameters);
    }

    /** The mistakes of this entry. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        boolean privateKey = authentication == ClientAuthMethod.PRIVATE_KEY_JWT;
        if (issuer == null) {
            problems.add(known() == Preset.MICROSOFT_ENTRA ? "tenant is missing" : "issuer is missing");
        } else if (!UpstreamHttp.isAllowed(issuer)) {
            problems.add("issuer is neither an https URL nor on this machine");
        }
        if (!privateKey && authentication != ClientAuthMethod.CLIENT_SECRET_BASIC && authentication != ClientAuthMethod.CLIENT_SECRET_POST) {
            problems.add("authentication must be client_secret_basic, client_secret_post or private_key_jwt");
        } else if (privateKey ? privateKeyFile == null : clientSecret == null && clientSecretFile == null) {
            problems.add(privateKey ? "privateKeyFile is missing" : "clientSecret or clientSecretFile is missing");
        }
        if (createAccounts && allowed.isOpen() && !allowed.anyone() && issuer != null && known().isPublic(tenant, issuer)) {
            problems.add("createAccounts: every person with an account at " + label + " would get one here; set allowed.emailDomains,"
                + " allowed.groups or allowed.organizations, or allowed.anyone");
        }
        if (apiUrl != null && !UpstreamHttp.isAllowed(apiUrl)) {
            problems.add("apiUrl is neither an https URL nor on this machine");
        }
        return problems;
    }

    Preset known() {
        return Preset.named(preset);
    }

    /** The button on the login pages. */
    public Choice choice() {
        return new Choice(name, label, issuer, domains, trustAuthentication.highest());
    }

    @Override
    public String toString() {
        return "ProviderOptions[" + name + ", " + issuer + "]";
    }

    /**
     * The SCIM client that provisions the users of the provider.
     *
     * @param clientId the client
     * @param match the attribute of a provisioned user that identifies a person of the provider
     * @param claim the claim with the same value; null for the usual one
     */
    public record ProvisioningOptions(String clientId, Match match, String claim) {

        /** The attributes, each with its usual claim. */
        public enum Match {
            EXTERNALID("sub"), USERNAME("preferred_username"), EMAIL("email");

            private final String claim;

            Match(String claim) {
                this.claim = claim;
            }
        }

        /** The claim with the value. Microsoft Entra has the identifier that it provisions in a claim of its own. */
        String claimOf(Preset preset) {
            return claim != null ? claim : match == Match.EXTERNALID && preset == Preset.MICROSOFT_ENTRA ? "oid" : match.claim;
        }
    }

    /**
     * The persons who may log in. A person must satisfy each list that is not empty.
     *
     * @param emailDomains domains of verified email addresses
     * @param groups groups of which the person must have one
     * @param organizations organizations of which the person must have one: of GitHub, hosted domains of Google, tenants of
     *     Microsoft Entra, organizations of Auth0
     * @param anyone whether a public provider may create accounts without any of these conditions
     */
    public record AllowedOptions(List<String> emailDomains, List<String> groups, List<String> organizations, boolean anyone) {

        public AllowedOptions {
            emailDomains = List.copyOf(emailDomains);
            groups = List.copyOf(groups);
            organizations = List.copyOf(organizations);
        }

        boolean isOpen() {
            return emailDomains.isEmpty() && groups.isEmpty() && organizations.isEmpty();
        }
    }
}
