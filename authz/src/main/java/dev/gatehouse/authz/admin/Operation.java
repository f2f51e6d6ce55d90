package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.scope.GroupScopes.GroupScopeOptions;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.user.RoleStore;
import dev.gatehouse.authz.user.RoleStore.Role;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import static dev.gatehouse.authz.admin.Operation.Access.READ;
import static dev.gatehouse.authz.admin.Operation.Access.WRITE;
import static dev.gatehouse.authz.admin.Operation.Precondition.IF_MATCH;
import static dev.gatehouse.authz.admin.Operation.Precondition.NONE;
import static dev.gatehouse.authz.admin.Operation.Roles.ALL;
import static dev.gatehouse.authz.admin.Operation.Roles.INSIGHT;
import static dev.gatehouse.authz.admin.Operation.Roles.MANAGE;
import static dev.gatehouse.authz.admin.Operation.Roles.OWNERS;
import static dev.gatehouse.authz.admin.Operation.Roles.SUPPORT;

/**
 * The operations of the administration with their roles. This table is the only one: the API, the console, the OpenAPI document, the scopes
 * and the documentation derive from it.
 */
public enum Operation {

    OVERVIEW("GET", "/overview", READ, ALL, NONE, null, "Overview", "Counts, and the events of the last day by the hour"),
    SEARCH("GET", "/search", READ, ALL, NONE, null, "SearchResult", "Find people, clients and grants; also who reaches a resource, and by which client"),

    LIST_USERS("GET", "/users", READ, ALL, NONE, null, "UserPage", "List users"),
    CREATE_USER("POST", "/users", WRITE, MANAGE, NONE, "NewUser", "User", "Create a user"),
    READ_USER("GET", "/users/{sub}", READ, ALL, NONE, null, "User", "Read a user"),
    CHANGE_USER("PATCH", "/users/{sub}", WRITE, MANAGE, IF_MATCH, "UserChange", "User", "Change, disable or enable a user"),
    DELETE_USER("DELETE", "/users/{sub}", WRITE, MANAGE, IF_MATCH, null, null, "Delete a user with sessions and access"),
    SET_ROLE("PUT", "/users/{sub}/role", WRITE, OWNERS, IF_MATCH, "RoleChange", "User", "Give or take a role"),
    UNLOCK_USER("POST", "/users/{sub}/unlock", WRITE, SUPPORT, NONE, null, null, "End the lock of a user's logins"),
    END_ACCESS("POST", "/users/{sub}/end-access", WRITE, SUPPORT, NONE, null, null, "End all sessions and grants of a user"),
    LIST_IDENTITIES("GET", "/users/{sub}/identities", READ, ALL, NONE, null, "IdentityPage", "List the linked identities of a user"),
    LINK_IDENTITY("POST", "/users/{sub}/identities", WRITE, MANAGE, NONE, "NewIdentity", "Identity", "Link an identity of another issuer"),
    UNLINK_IDENTITY("DELETE", "/users/{sub}/identities/{identity_id}", WRITE, MANAGE, NONE, null, null, "Remove the link of an identity"),

    LIST_GROUPS("GET", "/groups", READ, ALL, NONE, null, "GroupPage", "List the groups of all sources"),
    CREATE_GROUP("POST", "/groups", WRITE, MANAGE, NONE, "NewGroup", "Group", "Create a group of this server"),
    READ_GROUP("GET", "/groups/{name}", READ, ALL, NONE, null, "Group", "Read a group with its members"),
    DELETE_GROUP("DELETE", "/groups/{name}", WRITE, MANAGE, IF_MATCH, null, null, "Delete a group of this server"),
    ADD_MEMBER("PUT", "/groups/{name}/members/{sub}", WRITE, MANAGE, NONE, null, null, "Add a user to a group of this server"),
    REMOVE_MEMBER("DELETE", "/groups/{name}/members/{sub}", WRITE, MANAGE, NONE, null, null, "Remove a user from a group of this server"),

    LIST_CLIENTS("GET", "/clients", READ, ALL, NONE, null, "ClientPage", "List clients of all kinds"),
    CREATE_CLIENT("POST", "/clients", WRITE, MANAGE, NONE, "NewClient", "NewClientResult", "Register a client"),
    READ_CLIENT("GET", "/clients/{client_id}", READ, ALL, NONE, null, "Client", "Read a client"),
    CHANGE_CLIENT("PATCH", "/clients/{client_id}", WRITE, MANAGE, IF_MATCH, "ClientChange", "Client", "Change a client"),
    DELETE_CLIENT("DELETE", "/clients/{client_id}", WRITE, MANAGE, IF_MATCH, null, null, "Delete a client with its grants"),
    ROTATE_SECRET("POST", "/clients/{client_id}/secret", WRITE, MANAGE, NONE, "SecretRotation", "NewSecret", "Give a confidential client a new secret"),

    LIST_DOCUMENTS("GET", "/documents", READ, INSIGHT, NONE, null, "DocumentPage", "List client metadata documents"),
    READ_DOCUMENT("GET", "/documents/{url}", READ, INSIGHT, NONE, null, "Document", "Fetch a metadata document and show its changes since the last consent"),
    DECIDE_DOCUMENT("PUT", "/documents/{url}/decision", WRITE, MANAGE, IF_MATCH, "Decision", "Document", "Approve or block a metadata document"),

    LIST_GRANTS("GET", "/grants", READ, ALL, NONE, null, "GrantPage", "List grants"),
    READ_GRANT("GET", "/grants/{grant_id}", READ, ALL, NONE, null, "Grant", "Read a grant"),
    REVOKE_GRANT("DELETE", "/grants/{grant_id}", WRITE, SUPPORT, NONE, null, null, "Revoke a grant with its tokens"),
    LIST_SESSIONS("GET", "/sessions", READ, ALL, NONE, null, "SessionPage", "List browser sessions"),
    END_SESSION("DELETE", "/sessions/{session_id}", WRITE, SUPPORT, NONE, null, null, "End a browser session"),

    LIST_KEYS("GET", "/keys", READ, INSIGHT, NONE, null, "KeyPage", "List signing keys"),
    ROTATE_KEY("POST", "/keys", WRITE, MANAGE, NONE, null, "KeyRotation", "Create the next signing key now"),
    READ_KEY("GET", "/keys/{kid}", READ, INSIGHT, NONE, null, "Key", "Read a signing key"),
    REMOVE_KEY("DELETE", "/keys/{kid}", WRITE, OWNERS, IF_MATCH, null, null, "Remove a compromised signing key"),

    LIST_SCOPES("GET", "/scopes", READ, ALL, NONE, null, "ScopePage", "List the scopes of the configuration"),
    LIST_RESOURCES("GET", "/resources", READ, ALL, NONE, null, "ResourcePage", "List the resources of the configuration"),

    LIST_POLICIES("GET", "/policies", READ, INSIGHT, NONE, null, "PolicyPage", "List the policies of tools"),
    READ_POLICY("GET", "/policies/{name}", READ, INSIGHT, NONE, null, "Policy", "Read a policy"),
    REPLACE_POLICY("PUT", "/policies/{name}", WRITE, MANAGE, IF_MATCH, "PolicyText", "Policy", "Replace a policy; an invalid text changes nothing"),
    LIST_POLICY_VERSIONS("GET", "/policies/{name}/versions", READ, INSIGHT, NONE, null, "PolicyVersionPage", "List the versions of a policy that were in force"),
    READ_POLICY_VERSION("GET", "/policies/{name}/versions/{number}", READ, INSIGHT, NONE, null, "PolicyVersion", "Read a version of a policy"),
    EXPLAIN_POLICY("POST", "/policies/{name}/explain", READ, INSIGHT, NONE, "Question", "Explanation", "Explain whether a caller may call a tool, by the policy or by a draft"),

    LIST_AUDIT("GET", "/audit", READ, INSIGHT, NONE, null, "AuditPage", "List audit events, the newest first"),
    EXPORT_AUDIT("GET", "/audit/export", READ, INSIGHT, NONE, null, null, "Export audit events as JSON lines, the oldest first"),
    VERIFY_AUDIT("GET", "/audit/verification", READ, INSIGHT, NONE, null, "Verification", "Verify the audit trail"),

    LIST_CHANGES("GET", "/changes", READ, INSIGHT, NONE, null, "ChangePage", "List the changes that wait for a second owner"),
    CONFIRM_CHANGE("POST", "/changes/{change_id}/confirm", WRITE, OWNERS, NONE, null, null, "Confirm a change of another owner"),
    CANCEL_CHANGE("DELETE", "/changes/{change_id}", WRITE, OWNERS, NONE, null, null, "Cancel a change that waits");

    /** The scope that an operation needs. */
    enum Access {
        READ, WRITE
    }

    /** The requirement of {@code If-Match}. */
    enum Precondition {
        NONE, IF_MATCH
    }

    /** The sets of roles that share the same operations. */
    static final class Roles {

        static final Set<Role> ALL = EnumSet.allOf(Role.class);
        static final Set<Role> INSIGHT = EnumSet.of(Role.OWNER, Role.OPERATOR, Role.AUDITOR);
        static final Set<Role> SUPPORT = EnumSet.of(Role.OWNER, Role.OPERATOR, Role.HELP_DESK);
        static final Set<Role> MANAGE = EnumSet.of(Role.OWNER, Role.OPERATOR);
        static final Set<Role> OWNERS = EnumSet.of(Role.OWNER);

        private Roles() {
        }
    }

    private final String method;
    private final String path;
    private final Access access;
    private final Set<Role> roles;
    private final Precondition precondition;
    private final String request;
    private final String response;
    private final String summary;

    /** @param request the schema of the body, or null @param response the schema of the answer; null for no body, or for lines of text */
    Operation(String method, String path, Access access, Set<Role> roles, Precondition precondition, String request, String response, String summary) {
        this.method = method;
        this.path = path;
        this.access = access;
        this.roles = Set.copyOf(roles);
        this.precondition = precondition;
        this.request = request;
        this.response = response;
        this.summary = summary;
    }

    public String method() {
        return method;
    }

    /** The path below {@link AdminOptions#PATH}, with parameters in braces. */
    public String path() {
        return path;
    }

    public String summary() {
        return summary;
    }

    String request() {
        return request;
    }

    String response() {
        return response;
    }

    boolean needsMatch() {
        return precondition == IF_MATCH;
    }

    /** The kind of the resource, which groups the operations in the document. */
    String tag() {
        return path.split("/")[1];
    }

    public boolean isWrite() {
        return access == WRITE;
    }

    /** The scope that a token needs. */
    public String scope() {
        return isWrite() ? ScopePolicy.ADMIN_WRITE : ScopePolicy.ADMIN_READ;
    }

    public boolean isFor(Role role) {
        return roles.contains(role);
    }

    /** The identifier in the OpenAPI document, such as {@code listUsers}. */
    public String id() {
        String[] words = name().toLowerCase(Locale.ROOT).split("_");
        StringBuilder id = new StringBuilder(words[0]);
        Arrays.stream(words).skip(1).forEach(word -> id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1)));
        return id.toString();
    }

    /** The operation of an identifier. */
    public static Optional<Operation> byId(String id) {
        return Arrays.stream(values()).filter(each -> each.id().equals(id)).findFirst();
    }

    /** The scopes of the administration and the roles that have them: those that may do an operation with the scope. */
    public static List<GroupScopeOptions> scopes() {
        return ScopePolicy.ADMINISTRATION.stream().map(scope -> new GroupScopeOptions(
            Arrays.stream(Role.values()).filter(role -> Arrays.stream(values()).anyMatch(each -> each.scope().equals(scope.name()) && each.isFor(role)))
                .map(Role::wireName).toList(),
            RoleStore.SOURCE, List.of(scope.name()), List.of(), List.of())).toList();
    }
}
