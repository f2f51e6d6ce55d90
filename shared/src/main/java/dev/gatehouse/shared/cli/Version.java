package dev.gatehouse.shared.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this build, as its jar's manifest has it. */
public final class Version implements IVersionProvider {

    /** Picocli calls it. */
    public Version() {
    }

    /** {@return the version, such as {@code 0.1.0}; {@code development} when the program runs from class files} */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"gatehouse " + current(), "Java " + Runtime.version()};
    }
}
