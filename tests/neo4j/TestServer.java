import java.nio.file.Path;
import java.util.Map;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.SettingValueParsers;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.connectors.ConnectorPortRegister;
import org.neo4j.configuration.connectors.ConnectorType;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.kernel.internal.GraphDatabaseAPI;

/**
 * A real Neo4j on loopback for the tests: {@code java -cp ... TestServer.java HOME}.
 *
 * <p>With PAPERGRAPH_TEST_SERVER_PASSWORD set, the user neo4j must give that password; otherwise anyone on
 * loopback may connect. Prints "READY PORT" when Bolt answers, and stops when standard input ends, so that it
 * never outlives the process that started it.
 */
public class TestServer {
    public static void main(String[] args) throws Exception {
        String password = System.getenv("PAPERGRAPH_TEST_SERVER_PASSWORD");
        var service = new DatabaseManagementServiceBuilder(Path.of(args[0]))
                .setConfig(BoltConnector.enabled, true)
                .setConfig(BoltConnector.listen_address, new SocketAddress("127.0.0.1", 0))
                .setConfig(GraphDatabaseSettings.auth_enabled, password != null)
                .setConfig(GraphDatabaseSettings.pagecache_memory, SettingValueParsers.BYTES.parse("128m"))
                .setConfig(GraphDatabaseSettings.udc_enabled, false)
                .build();
        if (password != null) {
            service.database("system").executeTransactionally(
                    "ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED",
                    Map.of("password", password));
        }
        var ports = ((GraphDatabaseAPI) service.database("neo4j"))
                .getDependencyResolver().resolveDependency(ConnectorPortRegister.class);
        System.out.println("READY " + ports.getLocalAddress(ConnectorType.BOLT).getPort());
        while (System.in.read() >= 0) {}
        service.shutdown();
        System.exit(0);
    }
}
