package dev.gatehouse.it.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The directions in which modules and rooms depend on each other, and the names of their classes. {@link BannedCallsTest} lists forbidden calls. */
@AnalyzeClasses(packages = "dev.gatehouse", importOptions = {ImportOption.DoNotIncludeTests.class})
final class ArchitectureTest {
    private static final String AUTHZ = "dev.gatehouse.authz.";

    /** The verticles and the classes that wire them. */
    private static final DescribedPredicate<JavaClass> WIRING =
            resideInAnyPackage("dev.gatehouse.authz", "dev.gatehouse.mcp", "dev.gatehouse.resource", "dev.gatehouse.client");

    private static final DescribedPredicate<JavaClass> STORES = new DescribedPredicate<>("are stores") {
        @Override
        public boolean test(JavaClass type) {
            return topLevel(type).endsWith("Store");
        }
    };

    /** Rooms that every feature may use. The others are features. */
    private static final Set<String> COMMON_ROOMS = Set.of("change", "client", "client.auth", "client.document", "consent", "dpop", "factor", "http", "key", "mail", "page", "scope",
        "session", "token", "user");

    /** The features that another feature builds on, each for a reason that the architecture page gives. */
    private static final Map<String, Set<String>> FEATURES_ON_FEATURES = Map.of("interaction", Set.of("authorize"), "admin", Set.of("audit"), "console", Set.of("admin"));

    @ArchTest
    static final ArchRule sharedDependsOnNoOtherModule = noClasses().that().resideInAPackage("dev.gatehouse.shared..")
            .should().dependOnClassesThat().resideInAnyPackage("dev.gatehouse.authz..", "dev.gatehouse.mcp..", "dev.gatehouse.resource..",
                "dev.gatehouse.client..");

    @ArchTest
    static final ArchRule authzDependsOnSharedAlone = noClasses().that().resideInAPackage("dev.gatehouse.authz..")
            .should().dependOnClassesThat().resideInAnyPackage("dev.gatehouse.mcp..", "dev.gatehouse.resource..", "dev.gatehouse.client..");

    @ArchTest
    static final ArchRule mcpDependsOnSharedAlone = noClasses().that().resideInAPackage("dev.gatehouse.mcp..")
            .should().dependOnClassesThat().resideInAnyPackage("dev.gatehouse.authz..", "dev.gatehouse.resource..", "dev.gatehouse.client..");

    @ArchTest
    static final ArchRule policyDependsOnTheLibraryAlone = noClasses().that().resideInAPackage("dev.gatehouse.policy..")
            .should().dependOnClassesThat().resideInAnyPackage("dev.gatehouse.authz..", "dev.gatehouse.resource..", "dev.gatehouse.client..")
            .because("a gateway uses the same policies");

    @ArchTest
    static final ArchRule onlyThePolicyModuleKnowsCel = noClasses().that().resideOutsideOfPackage("dev.gatehouse.policy..")
            .should().dependOnClassesThat().resideInAnyPackage("dev.cel..", "com.google.common..");

    @ArchTest
    static final ArchRule libraryKnowsNoPolicyModule = noClasses().that().resideInAnyPackage("dev.gatehouse.mcp..", "dev.gatehouse.shared..",
                "dev.gatehouse.authz..", "dev.gatehouse.client..").should().dependOnClassesThat().resideInAPackage("dev.gatehouse.policy..");

    @ArchTest
    static final ArchRule clientKnowsNoServer = noClasses().that().resideInAPackage("dev.gatehouse.client..")
            .should().dependOnClassesThat().resideInAnyPackage("dev.gatehouse.authz..", "dev.gatehouse.mcp..", "dev.gatehouse.resource..");

    @ArchTest
    static final ArchRule protocolOfTheClientKnowsNoTerminal = noClasses().that().resideInAnyPackage("dev.gatehouse.client.http..",
                "dev.gatehouse.client.oauth..", "dev.gatehouse.client.transport..", "dev.gatehouse.client.session..", "dev.gatehouse.client.config..")
            .should().dependOnClassesThat().resideInAnyPackage("dev.gatehouse.client.terminal..", "dev.gatehouse.client.connect..", "picocli..")
            .because("login, bridge and doctor use it without a person");

    @ArchTest
    static final ArchRule mcpHasNoDatabaseNoLogBackendAndNoCommandLine = noClasses().that().resideInAPackage("dev.gatehouse.mcp..")
            .should().dependOnClassesThat(resideInAnyPackage("dev.gatehouse.shared.sql..", "dev.gatehouse.shared.cli..", "org.sqlite..",
                "org.flywaydb..", "ch.qos.logback..", "picocli..").and(not(simpleName("StoreUnavailableException"))))
            .because("a user of the library gets no SQLite; the failure of a tool's store is a type without a driver");

    @ArchTest
    static final ArchRule resourceDoesNotKnowAuthz = noClasses().that().resideInAPackage("dev.gatehouse.resource..")
            .should().dependOnClassesThat().resideInAPackage("dev.gatehouse.authz..");

    @ArchTest
    static final ArchRule nothingDependsOnTestFixtures = noClasses().that().resideOutsideOfPackage("dev.gatehouse.fixtures..")
            .should().dependOnClassesThat().resideInAPackage("dev.gatehouse.fixtures..");

    @ArchTest
    static final ArchRule sharedRoomsAreFreeOfCycles = slices().matching("dev.gatehouse.shared.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule authzRoomsAreFreeOfCycles = slices().matching("dev.gatehouse.authz.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule mcpRoomsAreFreeOfCycles = slices().matching("dev.gatehouse.mcp.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule resourceRoomsAreFreeOfCycles = slices().matching("dev.gatehouse.resource.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule clientRoomsAreFreeOfCycles = slices().matching("dev.gatehouse.client.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule roomsDoNotKnowTheWiring = noClasses().that().resideInAPackage("dev.gatehouse.authz.*..")
            .and().resideOutsideOfPackage("dev.gatehouse.authz.cli..")
            .should().dependOnClassesThat().resideInAPackage("dev.gatehouse.authz")
            .because("a room takes the options that it needs; only the wiring and the command line read the whole configuration");

    @ArchTest
    static void featuresOfTheAuthorizationServerKnowNoOtherFeature(JavaClasses all) {
        Map<String, Set<String>> found = new TreeMap<>();
        all.stream().filter(type -> isFeature(room(type))).flatMap(type -> type.getDirectDependenciesFromSelf().stream())
            .filter(dependency -> isFeature(room(dependency.getTargetClass())))
            .filter(dependency -> !room(dependency.getOriginClass()).equals(room(dependency.getTargetClass())))
            .filter(dependency -> !FEATURES_ON_FEATURES.getOrDefault(room(dependency.getOriginClass()), Set.of())
                .contains(room(dependency.getTargetClass())))
            .forEach(dependency -> found.computeIfAbsent(room(dependency.getOriginClass()), from -> new TreeSet<>()).add(description(dependency)));
        assertThat(found).isEmpty();
    }

    @ArchTest
    static void commonRoomsKnowNoFeature(JavaClasses all) {
        Set<String> found = new TreeSet<>();
        all.stream().filter(type -> COMMON_ROOMS.contains(room(type))).flatMap(type -> type.getDirectDependenciesFromSelf().stream())
            .filter(dependency -> isFeature(room(dependency.getTargetClass())))
            .forEach(dependency -> found.add(description(dependency)));
        assertThat(found).isEmpty();
    }

    @ArchTest
    static final ArchRule nothingButStoresSeesSql = noClasses().that(not(STORES).and(not(WIRING)).and(not(resideInAPackage("dev.gatehouse.shared.sql.."))))
            .should().dependOnClassesThat(resideInAPackage("dev.gatehouse.shared.sql..").and(new DescribedPredicate<JavaClass>("run statements") {
                @Override
                public boolean test(JavaClass type) {
                    return Set.of("Database", "Statements", "SqlRow", "Transaction", "SqliteDatabase").contains(topLevel(type));
                }
            }));

    @ArchTest
    static final ArchRule onlySharedSqlSeesDrivers = noClasses().that().resideOutsideOfPackages("dev.gatehouse.shared.sql..", "dev.gatehouse.fixtures..")
            .should().dependOnClassesThat().resideInAnyPackage("io.vertx.sqlclient..", "java.sql..", "org.sqlite..");

    @ArchTest
    static final ArchRule rulesAndStoresSeeNoRequest = noClasses().that(simpleNameEndingWith("Store").or(simpleNameEndingWith("Grant"))
            .or(simpleNameEndingWith("Rules")).or(simpleNameEndingWith("Policy")).or(simpleNameEndingWith("Options")))
            .should().dependOnClassesThat().haveFullyQualifiedName("io.vertx.ext.web.RoutingContext");

    @ArchTest
    static final ArchRule grantsStandAlone = noClasses().that().haveSimpleNameEndingWith("Grant")
            .should(new ArchCondition<>("depend on another grant") {
                @Override
                public void check(JavaClass grant, ConditionEvents events) {
                    grant.getDirectDependenciesFromSelf().stream()
                            .filter(dependency -> isOtherGrant(grant, dependency.getTargetClass()))
                            .forEach(dependency -> events.add(SimpleConditionEvent.satisfied(grant, dependency.getDescription())));
                }
            });

    @ArchTest
    static final ArchRule apiOfTheLibraryKnowsNoWire = noClasses().that().resideInAPackage("dev.gatehouse.mcp.api..")
            .should().dependOnClassesThat().resideInAnyPackage("dev.gatehouse.mcp.transport..", "dev.gatehouse.mcp.stateful..",
                "dev.gatehouse.mcp.stateless..", "dev.gatehouse.mcp.feature..", "dev.gatehouse.mcp.jsonrpc..");

    @ArchTest
    static final ArchRule featuresOfTheLibraryKnowNeitherEraNorTransport = noClasses()
            .that().resideInAnyPackage("dev.gatehouse.mcp.feature..", "dev.gatehouse.mcp.schema..", "dev.gatehouse.mcp.jsonrpc..")
            .should().dependOnClassesThat().resideInAnyPackage("dev.gatehouse.mcp.transport..", "dev.gatehouse.mcp.stateful..",
                "dev.gatehouse.mcp.stateless..");

    @ArchTest
    static final ArchRule erasKnowNoTransport = noClasses().that().resideInAnyPackage("dev.gatehouse.mcp.stateful..", "dev.gatehouse.mcp.stateless..",
            "dev.gatehouse.mcp.task..").should().dependOnClassesThat().resideInAPackage("dev.gatehouse.mcp.transport..");

    @ArchTest
    static final ArchRule callsPassNoReactor = noClasses().that().resideInAPackage("dev.gatehouse..").and().resideOutsideOfPackage("dev.gatehouse.mcp.sdk..")
            .should().dependOnClassesThat().resideInAnyPackage("reactor..", "io.modelcontextprotocol.server..")
            .because("sessions and dispatch are our own, in Vert.x futures; only the bridge for tools of the SDK knows its server");

    @ArchTest
    static final ArchRule endpointsAreCalledSo = classes().that().implement("dev.gatehouse.authz.http.Endpoint").and(not(WIRING))
            .should().haveSimpleNameEndingWith("Endpoint");

    @ArchTest
    static final ArchRule grantsAreCalledSo = classes().that().implement("dev.gatehouse.authz.token.Grant")
            .should().haveSimpleNameEndingWith("Grant");

    @ArchTest
    static final ArchRule namesSayWhatAClassIs = noClasses().should()
        .haveNameMatching(".*(Impl|Util|Utils|Helper|Manager)");

    @ArchTest
    static void noTwoClassesShareAName(JavaClasses all) {
        Map<String, Set<String>> byName = new TreeMap<>();
        all.stream().filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
            .filter(type -> !type.getPackageName().startsWith("dev.gatehouse.fixtures"))
            .forEach(type -> byName.computeIfAbsent(type.getSimpleName(), name -> new TreeSet<>()).add(type.getName()));
        byName.values().removeIf(classes -> classes.size() == 1);
        assertThat(byName).isEmpty();
    }

    @ArchTest
    static final ArchRule classesAreFinal = classes().that(not(new DescribedPredicate<JavaClass>("open by nature") {
        @Override
        public boolean test(JavaClass type) {
            return type.isInterface() || type.isEnum() || type.isAnonymousClass() || type.reflect().isSealed()
                || type.getModifiers().contains(JavaModifier.ABSTRACT)
                || type.getSuperclass().filter(parent -> parent.toErasure().isEnum()).isPresent();
        }
    })).should().haveModifier(JavaModifier.FINAL);

    /** The name of a room of the authorization server: its package below the module's; empty for every other class. */
    private static String room(JavaClass type) {
        return type.getPackageName().startsWith(AUTHZ) ? type.getPackageName().substring(AUTHZ.length()) : "";
    }

    private static boolean isFeature(String room) {
        return !room.isEmpty() && !COMMON_ROOMS.contains(room) && !room.equals("cli");
    }

    private static String description(Dependency dependency) {
        return room(dependency.getOriginClass()) + "." + topLevel(dependency.getOriginClass()) + " -> " + room(dependency.getTargetClass()) + "."
            + topLevel(dependency.getTargetClass());
    }

    private static String topLevel(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    private static boolean isOtherGrant(JavaClass grant, JavaClass target) {
        // The interface Grant contains the request that all grants get.
        String name = topLevel(target);
        return name.endsWith("Grant") && !name.equals("Grant") && !name.equals(topLevel(grant))
                && target.getPackageName().equals(grant.getPackageName());
    }
}
