package dev.gatehouse.authz.console;

import dev.gatehouse.authz.admin.Operation;
import dev.gatehouse.authz.console.ConsolePage.Section;
import dev.gatehouse.authz.user.RoleStore.Role;
import io.vertx.core.Future;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The pages of the console, in the order of the navigation. */
enum ConsoleView {

    OVERVIEW("", "Overview", "Overview", Operation.OVERVIEW, OverviewPages::overview),
    USERS("users", "Users", "Users", Operation.LIST_USERS, PeoplePages::users),
    GROUPS("groups", "Groups", "Groups", Operation.LIST_GROUPS, PeoplePages::groups),
    CLIENTS("clients", "Clients", "Clients", Operation.LIST_CLIENTS, ClientPages::clients),
    DOCUMENTS("documents", "Documents", "Metadata documents", Operation.LIST_DOCUMENTS, ClientPages::documents),
    GRANTS("grants", "Grants", "Grants", Operation.LIST_GRANTS, AccessPages::grants),
    SESSIONS("sessions", "Sessions", "Sessions", Operation.LIST_SESSIONS, AccessPages::sessions),
    KEYS("keys", "Keys", "Signing keys", Operation.LIST_KEYS, KeyPages::keys),
    POLICIES("policies", "Policies", "Policies", Operation.LIST_POLICIES, PolicyPages::policies),
    AUDIT("audit", "Audit", "Audit trail", Operation.LIST_AUDIT, AuditPages::audit),
    CHANGES("changes", "Changes", "Waiting changes", Operation.LIST_CHANGES, KeyPages::changes),

    SEARCH("search", "", "Search", Operation.SEARCH, OverviewPages::search),
    USER("user", USERS, "User", Operation.READ_USER, PeoplePages::user),
    GROUP("group", GROUPS, "Group", Operation.READ_GROUP, PeoplePages::group),
    CLIENT("client", CLIENTS, "Client", Operation.READ_CLIENT, ClientPages::client),
    DOCUMENT("document", DOCUMENTS, "Metadata document", Operation.READ_DOCUMENT, ClientPages::document),
    GRANT("grant", GRANTS, "Grant", Operation.READ_GRANT, AccessPages::grant),
    POLICY("policy", POLICIES, "Policy", Operation.READ_POLICY, PolicyPages::policy),
    VERSION("version", POLICIES, "Version of a policy", Operation.READ_POLICY_VERSION, PolicyPages::version);

    private final String path;
    private final String label;
    private final ConsoleView list;
    private final String title;
    private final Operation operation;
    private final Function<ConsoleRequest, Future<List<Section>>> sections;

    /** A page of the navigation. @param label empty for a page that the navigation leaves out */
    ConsoleView(String path, String label, String title, Operation operation, Function<ConsoleRequest, Future<List<Section>>> sections) {
        this.path = path;
        this.label = label;
        this.list = null;
        this.title = title;
        this.operation = operation;
        this.sections = sections;
    }

    /** The page of one object. @param list the page of all such objects */
    ConsoleView(String path, ConsoleView list, String title, Operation operation, Function<ConsoleRequest, Future<List<Section>>> sections) {
        this.path = path;
        this.label = "";
        this.list = list;
        this.title = title;
        this.operation = operation;
        this.sections = sections;
    }

    /** The page of a path below that of the console. */
    static ConsoleView of(String path) {
        return Arrays.stream(values()).filter(each -> each.path().equals(path)).findFirst().orElseThrow();
    }

    /** The path below that of the console: empty, or with a slash at its begin. */
    String path() {
        return path.isEmpty() ? "" : "/" + path;
    }

    String title() {
        return title;
    }

    /** The name in the navigation. */
    String label() {
        return label;
    }

    /** Returns whether the navigation of this role has the page. */
    boolean isListed(Role role) {
        return !label.isEmpty() && operation.isFor(role);
    }

    /** Returns whether the navigation marks this page while another one is shown. */
    boolean isMarked(ConsoleView shown) {
        return shown == this || shown.list == this;
    }

    Future<List<Section>> sections(ConsoleRequest request) {
        return sections.apply(request);
    }
}
