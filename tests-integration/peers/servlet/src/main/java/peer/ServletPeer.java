package peer;

import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.transport.HttpServletStatelessServerTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** The MCP Java SDK's stateless servlet on Tomcat, with one tool that answers a constant text and asks nobody who calls. */
public final class ServletPeer {
    private static final String TEXT = "{\"user_id\":\"testuser\",\"sub\":\"" + "x".repeat(120) + "\",\"permissions\":[\"mcp:read\"]}";

    private ServletPeer() {
    }

    /** Takes the port to listen on. */
    public static void main(String[] arguments) throws LifecycleException {
        HttpServletStatelessServerTransport transport = HttpServletStatelessServerTransport.builder().messageEndpoint("/mcp").build();
        McpServer.sync(transport).serverInfo("servlet", "1").tools(SyncToolSpecification.builder()
            .tool(Tool.builder("get_user_profile", Map.of("type", "object")).description("A profile").build())
            .callHandler((context, request) -> CallToolResult.builder().addTextContent(TEXT).isError(false).build())
            .build()).build();
        Tomcat tomcat = new Tomcat();
        tomcat.setPort(Integer.parseInt(arguments[0]));
        tomcat.setBaseDir(System.getProperty("java.io.tmpdir") + "/gatehouse-peer-" + arguments[0]);
        tomcat.getConnector().setProperty("address", "localhost");
        // The generator keeps its connections; Tomcat would close each behind its hundredth request.
        tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "mcp", transport).setAsyncSupported(true);
        context.addServletMappingDecoded("/mcp", "mcp");
        tomcat.start();
        tomcat.getServer().await();
    }
}
