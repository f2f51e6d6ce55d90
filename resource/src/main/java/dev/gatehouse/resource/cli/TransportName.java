package dev.gatehouse.resource.cli;

import dev.gatehouse.resource.cli.McpCommand.Transport;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.Arrays;

/** Parses the name of a transport. */
final class TransportName implements ITypeConverter<Transport> {

    @Override
    public Transport convert(String name) {
        return Arrays.stream(Transport.values()).filter(transport -> transport.toString().equals(name)).findFirst()
            .orElseThrow(() -> new TypeConversionException("there is no transport " + name + ". Choose stdio, sse or http."));
    }
}
