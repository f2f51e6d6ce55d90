package dev.gatehouse.it.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/**
 * Which way the modules and packages may look, and how their classes are called. What code may not call is in
 * {@link BannedCallsTest}.
 */
@AnalyzeClasses(packages = "dev.gatehouse", importOptions = {ImportOption.DoNotIncludeTests.class})
final class ArchitectureTest {
    /** The verticles, and what puts them together beside them. */
    private static final DescribedPredicate<JavaClass> WIRING =
            resideInAnyPackage("dev.gatehouse.authz", "dev.gatehouse.resource");

    @ArchTest
    static final ArchRule sharedDependsOnNoOtherModule = noClasses().that().resideInAPackage("dev.gatehouse.shared..")
            .should().dependOnClassesThat().resideInAnyPackage("dev.gatehouse.authz..", "dev.gatehouse.resource..",
                "dev.gatehouse.client..");

    @ArchTest
    static final ArchRule authzDependsOnlyOnShared = noClasses().that().resideInAPackage("dev.gatehouse.authz..")
            .should().dependOnClassesThat().resideInAnyPackage("dev.gatehouse.resource..", "dev.gatehouse.client..");

    @ArchTest
    static final ArchRule resourceDependsOnlyOnShared = noClasses().that().resideInAPackage("dev.gatehouse.resource..")
            .should().dependOnClassesThat().resideInAnyPackage("dev.gatehouse.authz..", "dev.gatehouse.client..");

    @ArchTest
    static final ArchRule sharedPackagesAreFreeOfCycles = slices().matching("dev.gatehouse.shared.(*)..").should()
        .beFreeOfCycles();

    @ArchTest
    static final ArchRule authzPackagesAreFreeOfCycles = slices().matching("dev.gatehouse.authz.(*)..").should()
        .beFreeOfCycles();

    @ArchTest
    static final ArchRule resourcePackagesAreFreeOfCycles = slices().matching("dev.gatehouse.resource.(*)..")
        .should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheEdgeSeesVertxWeb = noClasses()
            .that(not(resideInAnyPackage("..endpoint..", "..clientauth..", "..interaction..", "..transport..",
                "..bearer..",
                    "dev.gatehouse.shared.http..")).and(not(WIRING)))
            .should().dependOnClassesThat(resideInAPackage("io.vertx.ext.web..")
                    .and(not(resideInAnyPackage("io.vertx.ext.web.client..", "io.vertx.ext.web.templ.."))));

    @ArchTest
    static final ArchRule onlyTheStoresSeeSqlClients = noClasses()
            .that(not(resideInAnyPackage("dev.gatehouse.shared.sql..", "dev.gatehouse.authz.store.sql.."))
                .and(not(WIRING)))
            .should().dependOnClassesThat().resideInAnyPackage("io.vertx.sqlclient..", "java.sql..", "org.sqlite..");

    @ArchTest
    static final ArchRule rulesNeverSeeEndpoints = noClasses()
            .that().resideInAnyPackage("..authz.grant..", "..authz.authorize..", "..authz.token..",
                "..authz.registration..", "..authz.store..")
            .should().dependOnClassesThat().resideInAnyPackage("..authz.endpoint..", "..authz.interaction..");

    @ArchTest
    static final ArchRule storeLooksDownOnly = noClasses().that().resideInAPackage("..authz.store..")
            .should().dependOnClassesThat(resideInAPackage("dev.gatehouse.authz..")
                .and(not(resideInAPackage("..authz.store.."))));

    @ArchTest
    static final ArchRule onlyWiringSeesTheSqlStores = noClasses()
            .that(resideInAPackage("dev.gatehouse.authz..").and(not(resideInAPackage("..authz.store.sql..")))
                    .and(not(resideInAnyPackage("dev.gatehouse.authz", "..authz.cli.."))))
            .should().dependOnClassesThat().resideInAPackage("..authz.store.sql..");

    @ArchTest
    static final ArchRule grantsStandAlone = noClasses().that().resideInAPackage("..authz.grant..").and()
        .haveSimpleNameEndingWith("Grant")
            .should(new ArchCondition<>("depend on another grant") {
                @Override
                public void check(JavaClass grant, ConditionEvents events) {
                    grant.getDirectDependenciesFromSelf().stream()
                            .filter(dependency -> isOtherGrant(grant, dependency.getTargetClass()))
                            .forEach(dependency -> events.add(SimpleConditionEvent.satisfied(grant,
                                dependency.getDescription())));
                }
            }).allowEmptyShould(true);

    @ArchTest
    static final ArchRule toolsKnowNoTransport = noClasses().that().resideInAPackage("..resource.tool..")
            .should().dependOnClassesThat().resideInAnyPackage("..resource.transport..", "..resource.protocol..",
                "..resource.session..");

    @ArchTest
    static final ArchRule protocolKnowsNoTransport = noClasses().that().resideInAPackage("..resource.protocol..")
            .should().dependOnClassesThat().resideInAPackage("..resource.transport..").allowEmptyShould(true);

    @ArchTest
    static final ArchRule endpointsAreCalledSo = classes().that().resideInAPackage("..authz.endpoint..").and()
        .implement("dev.gatehouse.authz.endpoint.Endpoint").should().haveSimpleNameEndingWith("Endpoint");

    @ArchTest
    static final ArchRule sqlStoresAreCalledSo = classes().that().resideInAPackage("..store.sql..")
            .and().implement(simpleNameEndingWith("Store")).should().haveSimpleNameStartingWith("Sql")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule namesSayWhatAClassIs = noClasses().should()
        .haveNameMatching(".*(Impl|Util|Utils|Helper|Manager)");

    @ArchTest
    static final ArchRule classesAreFinal = classes().that(not(new DescribedPredicate<JavaClass>("open by nature") {
        @Override
        public boolean test(JavaClass type) {
            return type.isInterface() || type.isEnum() || type.isAnonymousClass() || type.reflect().isSealed()
                || type.getModifiers().contains(JavaModifier.ABSTRACT)
                || type.getSuperclass().filter(parent -> parent.toErasure().isEnum()).isPresent();
        }
    })).should().haveModifier(JavaModifier.FINAL);

    private static boolean isOtherGrant(JavaClass grant, JavaClass target) {
        return !target.equals(grant) && !target.isInterface() && target.getSimpleName().endsWith("Grant")
                && target.getPackageName().equals(grant.getPackageName());
    }
}
