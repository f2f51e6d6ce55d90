package dev.gatehouse.it.support;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.support.TypeBasedParameterResolver;

/** Starts the servers for the first class that asks and stops them behind the last one. */
final class SharedGatehouse extends TypeBasedParameterResolver<RunningGatehouse> {
    @Override
    public RunningGatehouse resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL)
                .getOrComputeIfAbsent(RunningGatehouse.class, type -> start(), RunningGatehouse.class);
    }

    private static RunningGatehouse start() {
        RunningGatehouse gatehouse = RunningGatehouse.up();
        Commands.hashCheaply(gatehouse.home(), "testuser", "testpass");
        return gatehouse;
    }
}
