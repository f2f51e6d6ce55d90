package dev.gatehouse.authz.cli;

import dev.gatehouse.shared.cli.CommandGroup;
import dev.gatehouse.shared.config.StartupException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Writes what a production installation needs. */
@Command(name = "init", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", addMethodSubcommands = false,
    description = "Write the files of a new installation.")
final class InitCommand extends CommandGroup {

    private BufferedReader input;

    /** The answers that the command line gives. The command asks for those that are missing. */
    static final class Given {

        @Option(names = "--issuer", paramLabel = "URL", description = "Public URL of the authorization server.")
        private String issuer;

        @Option(names = "--resource", paramLabel = "URL", description = "Public URL of the MCP server; ends in /mcp.")
        private String resource;

        @Option(names = "--proxies", paramLabel = "ADDRESSES",
            description = "Addresses of the proxies that end TLS, comma-separated; none for servers that end TLS themselves.")
        private String proxies;

        @Option(names = "--certificate", paramLabel = "FILE", description = "Certificate chain in PEM, without a proxy.")
        private String certificate;

        @Option(names = "--certificate-key", paramLabel = "FILE", description = "Private key of the certificate in PEM, without a proxy.")
        private String certificateKey;

        @Option(names = "--registration", paramLabel = "WHO",
            description = "open: MCP clients register themselves. closed: an operator adds each client.")
        private String registration;

        @Option(names = "--trust-file", paramLabel = "FILE",
            description = "PEM file of a private certificate authority that both servers trust; none for none.")
        private String trustFile;

        @Option(names = "--store", paramLabel = "URL",
            description = "Database of both servers, such as postgresql://gatehouse@db.example.com/gatehouse?sslmode=verify-full; else files in the data home.")
        private String store;

        @Option(names = "--store-password-file", paramLabel = "FILE", description = "File with the password of the database.")
        private String storePasswordFile;

        @Option(names = "--directory", paramLabel = "DIRECTORY", description = "Directory of the new files (default: ${DEFAULT-VALUE}).",
            defaultValue = "gatehouse-production")
        private Path directory;
    }

    @Command(mixinStandardHelpOptions = true, description = {"Ask a few questions and write both configurations, the MCP server's client and systemd units.",
        "Existing files stay as they are: the command refuses to overwrite them."},
        footer = {"", "The data home ($GATEHOUSE_HOME, else ~/.gatehouse) receives the database and the keys.",
            "Without a terminal, the answers are read from standard input, one a line."})
    void production(@picocli.CommandLine.Mixin Given given) {
        ProductionSetup setup = new ProductionSetup(
            answer(given.issuer, "Public URL of the authorization server", "https://auth.example.com", ProductionSetup::issuer),
            answer(given.resource, "Public URL of the MCP server", "https://mcp.example.com/mcp", ProductionSetup::resource),
            tls(given),
            answer(given.registration, "May MCP clients register themselves? open or closed", "open", ProductionSetup::registration),
            answer(given.trustFile, "PEM file of a private certificate authority, or none", "none", ProductionSetup::trustFile),
            ProductionSetup.store(given.store, given.storePasswordFile));
        setup.write(given.directory);
        out().println(setup.nextSteps(given.directory));
        out().flush();
    }

    private ProductionSetup.Tls tls(Given given) {
        List<String> proxies = answer(given.certificate == null ? given.proxies : "none",
            "Addresses of the proxies that end TLS, comma-separated, or none", "127.0.0.1", ProductionSetup::proxies);
        return !proxies.isEmpty() ? new ProductionSetup.Tls(proxies, null, null)
            : new ProductionSetup.Tls(List.of(),
                answer(given.certificate, "Certificate chain (PEM file)", null, ProductionSetup::requiredFile),
                answer(given.certificateKey, "Private key of the certificate (PEM file)", null, ProductionSetup::requiredFile));
    }

    /** A wrong answer of a person is asked for again; a wrong option or line of a file is a failure. */
    private <T> T answer(String given, String question, String suggestion, Function<String, T> reader) {
        if (given != null) {
            return reader.apply(given);
        }
        while (true) {
            String line = ask(question, suggestion);
            try {
                return reader.apply(line.isBlank() && suggestion != null ? suggestion : line.strip());
            } catch (StartupException wrong) {
                if (System.console() == null) {
                    throw wrong;
                }
                out().println(wrong.getMessage());
            }
        }
    }

    private String ask(String question, String suggestion) {
        out().print(question + (suggestion == null ? "" : " [" + suggestion + "]") + ": ");
        out().flush();
        try {
            if (input == null) {
                input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            }
            String line = input.readLine();
            if (line == null) {
                throw new StartupException("Standard input ended before the answer to: " + question + ". Nothing was written.");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
