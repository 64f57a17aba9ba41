"""Who is told by what: source files, loggers and messages of components; data only.

Sources: the file names of the components' own repositories, the logger names of their configurations, and messages
that only one component prints about itself. What a client says of a server is no sign of the server.
"""

FILES: dict[str, str] = {
    "kubelet": "kubelet.go kubelet_node_status.go kubelet_pods.go kubelet_volumes.go kubelet_getters.go kubelet_network.go kubelet_network_linux.go pod_workers.go "
    "kuberuntime_manager.go kuberuntime_sandbox.go kuberuntime_container.go kuberuntime_gc.go kuberuntime_image.go kuberuntime_logs.go remote_runtime.go "
    "remote_image.go pleg.go generic.go evented.go eviction_manager.go image_gc_manager.go container_manager_linux.go cgroup_manager_linux.go "
    "qos_container_manager_linux.go nestedpendingoperations.go reconciler.go reconciler_common.go operation_generator.go desired_state_of_world_populator.go csi_plugin.go csi_client.go "
    "csi_mounter.go csi_attacher.go csi_plugin_watcher.go plugin_watcher.go goroutinemap.go prober.go prober_manager.go status_manager.go pod_container_deletor.go "
    "cadvisor_stats_provider.go cri_stats_provider.go certificate_manager.go nodelease.go cpu_manager.go memory_manager.go oom_watcher_linux.go "
    "dns.go run.go volume_manager.go secret_manager.go configmap_manager.go file_linux.go mirror_client.go scope.go setters.go "
    "projected.go secret.go configmap.go hostpath.go nodeshutdown_manager_linux.go watching_pods.go bootstrap.go kubelet_server_journal.go fs.go pod_startup_latency_tracker.go",
    "scheduler": "schedule_one.go scheduler.go scheduling_queue.go eventhandlers.go preemption.go",
    "kube-proxy": "proxier.go server_linux.go conntrack.go service_health.go healthcheck.go proxier_health.go iptables.go ipvs.go endpointschangetracker.go servicechangetracker.go server_others.go",
    "controller-manager": "controllermanager.go garbagecollector.go replica_set.go deployment_controller.go job_controller.go cronjob_controllerv2.go daemon_controller.go "
    "stateful_set.go endpointslice_controller.go endpoints_controller.go node_lifecycle_controller.go pv_controller.go pv_controller_base.go attach_detach_controller.go namespace_controller.go "
    "resource_quota_controller.go serviceaccounts_controller.go tokens_controller.go disruption.go horizontal.go graph_builder.go ttl_controller.go "
    "range_allocator.go node_ipam_controller.go cidr_allocator.go pvc_protection_controller.go expand_controller.go certificate_controller.go gc_controller.go resource_quota_monitor.go "
    "cleaner.go publisher.go bootstrap_signer.go ttl_after_finished_controller.go",
    "apiserver": "instance.go dispatcher.go cacher.go remote_available_controller.go available_controller.go writers.go wrap.go "
    "timeout.go apf_controller.go oidc.go admission.go compact.go handler_proxy.go customresource_handler.go crd_finalizer.go naming_controller.go finisher.go repair.go ipallocator.go "
    "leasestore.go reconcilers.go conversion.go healthz.go watcher.go",
    "metrics-server": "scraper.go",
    "flannel": "kube.go vxlan.go vxlan_network.go match.go local_manager.go subnet.go",
    "cluster-autoscaler": "static_autoscaler.go clusterstate.go scale_up.go orchestrator.go auto_scaling_groups.go aws_manager.go azure_manager.go gce_manager.go",
    "kubectl": "memcache.go",
    "kubeadm": "checks.go initconfiguration.go waitcontrolplane.go",
    "ingress-nginx": "nginx.go backend_ssl.go store.go queue.go",
    "cert-manager": "base_controller.go",
    "csi": "csi-provisioner.go csi-attacher.go provision_controller.go snapshotter.go node_register.go",
}
"""Files of a component in the heads of klog lines; a file that several have (`server.go`) stands in none."""


SOURCES: tuple[tuple[str, str], ...] = (
    ("coredns", r"^plugin/\w+$"),
    ("etcd", r"^capnslog |etcdserver|etcdmain|rafthttp|embed/(?:etcd|config)|mvcc/|wal/|membership/|v3rpc/"),
    ("calico", r"\.go \d+$|felix/|startup/startup\.go|confd/|cni-installer|ipam/ipam|cni-plugin|int_dataplane|calico"),
    ("cilium", r"(?i)cilium|^subsys "),
    ("logstash", r"logstash\."),
    ("fluentd", r"fluent\b|(?:^|\s)#\d+(?:\s|$)"),
    ("vault", r"^(?:core|storage\.\w+|seal|secrets|expiration|rollback|auth\.\w+)$|agent\.(?:auth|template|sink|apiproxy|exec)"),
    ("consul", r"\bagent(?:\.|$)"),
    ("cassandra", r"CassandraDaemon|org\.apache\.cassandra|CassandraServer|JVMStabilityInspector|StorageService\.java|NativeLibrary\w*\.java|CassandraRoleManager|Gossiper\.java"),
    ("elasticsearch", r"org\.elasticsearch|\bo\.e\."),
    ("prometheus", r"k8s_client_runtime|scrape (?:manager|pool)|query_?[eE]ngine|query_logger\.go|activeQueryTracker|rule manager|discovery manager|component=(?:tsdb|web|rules)|remote[ _-]write|^tsdb|notifier|opentsdb"),
    ("alertmanager", r"^(?:dispatcher|cluster|silences|nflog)$|notify\.go|dispatch\.go"),
    ("loki", r"memberlist_client\.go|ingester|distributor|compactor|querier|promtail|(?:table_)?index_gateway|flush\.go"),
    ("grafana", r"^(?:sqlstore|migrator|plugins?\.[\w.]+|provisioning\S*|ngalert\S*|tsdb\.\w+|http\.server|context|accesscontrol|infra\.\w+|live|local\.finder|datasources|rendering|ssoservice|settings|featuremgmt)$"),
    ("kafka", r"\bkafka\.|KafkaServer|KafkaRaft|BrokerServer|ControllerServer|state\.change|org\.apache\.kafka|\bReplicaManager|LogManager|ReplicaFetcher"),
    ("zookeeper", r"org\.apache\.zookeeper|QuorumPeer|NIOServerCxn|ZooKeeperServer"),
    ("opensearch", r"org\.opensearch|\bo\.o\."),
    ("mongodb", r"^(?:NETWORK|STORAGE|CONTROL|REPL|WT|WTCHKPT|ACCESS|COMMAND|INITANDLISTEN|SHARDING|ASIO|ELECTION)$"),
    ("envoy", r"external/envoy|source/(?:server|common|extensions)|envoy (?:config|main|upstream|misc)"),
    ("istio", r"^(?:klog|ads|pilot|sds|xdsproxy|cacheLog|ca|validationController|validationServer|delta|citadelclient|wasm|stsserver|model|dns|installer|krt|controllers|security)$|istio\.io"),
    ("argocd", r"argocd|gitops-engine|app-controller"),
    ("lima", r"\[hostagent\]|limactl|lima"),
    ("jenkins", r"jenkins\.|hudson\."),
    ("keycloak", r"org\.keycloak|\[org\.key"),
    ("rabbitmq", r"^rabbit|<0\.\d+\.\d+>"),
    ("spring-boot", r"o\.s\.boot|org\.springframework|o\.s\.b\.|SpringApplication|LoggingFailureAnalysisReporter"),
    ("activemq", r"org\.apache\.activemq"),
    ("mysql", r"\bMY-\d{6}\b|InnoDB"),
    ("flux", r"kustomize-controller|source-controller|helm-controller|notification-controller"),
    ("linkerd", r"linkerd"),
    ("traefik", r"traefik|providerName"),
    ("tempo", r"tempodb"),
    ("sentry", r"sentry\."),
    ("airflow", r"airflow\.|taskinstance\.py|scheduler_job"),
    ("celery", r"celery\.|kombu"),
    ("spark", r"org\.apache\.spark|SparkContext"),
    ("flink", r"org\.apache\.flink"),
    ("hadoop", r"org\.apache\.hadoop"),
    ("solr", r"org\.apache\.solr"),
    ("nifi", r"org\.apache\.nifi"),
    ("tomcat", r"org\.apache\.(?:catalina|coyote|tomcat)"),
    ("pulsar", r"org\.apache\.(?:pulsar|bookkeeper)"),
    ("gitlab", r"gitlab"),
    ("gunicorn", r"gunicorn"),
    ("kyverno", r"kyverno"),
    ("velero", r"velero"),
    ("longhorn", r"longhorn"),
    ("rook", r"^(?:ceph-[\w-]+|op-\w+|rookcmd|cephclient)$"),
    ("minio", r"minio"),
    ("crossplane", r"crossplane"),
    ("knative", r"knative\.dev"),
    ("karpenter", r"karpenter"),
    ("keda", r"keda\.sh|scale_handler|scaledobject"),
    ("cert-manager", r"cert-manager"),
    ("kibana", r"kibana|plugins\."),
    ("strimzi", r"io\.strimzi"),
    ("debezium", r"io\.debezium"),
)  # fmt: skip
"""Component and RE2 pattern of what a line names as its source; the first that fits counts."""

MESSAGES: tuple[tuple[str, str], ...] = (
    ("coredns", r"^(?:plugin/\w|Corefile:\d)|^/etc/coredns/Corefile"),
    ("runc", r"runc (?:create|run) failed|container_linux\.go|libcontainer"),
    ("containerd", r"RunPodSandbox for|failed to load cni during init|StopPodSandbox for|PullImage \"|CreateContainer within sandbox|failed to handle container TaskExit|ttrpc: |io\.containerd\.|^failed to create shim task|containerd-shim"),
    ("crio", r"cri-o configuration|conmon|Failed to create new (?:CRI-O|crio)"),
    ("kubelet", r"failed to run Kubelet|failed to load kubelet config file|kubelet flag|Failed to start ContainerManager|Unable to register node|kubelet cgroup driver|MountVolume\.|UnmountVolume\.|PLEG is not healthy|^(?:Readiness|Liveness|Startup) probe failed|Back-off (?:restarting|pulling)|Error syncing pod"),
    ("flannel", r"Error registering network|Failed to find any valid interface to use|flannel network"),
    ("calico", r"bird6? is not ready|Felix is not|BGP not established|calico/node is not ready|Calico datastore"),
    ("cilium", r"Cilium API client timeout|cilium-agent|Unable to (?:contact k8s api-server|attach BPF)|auto-direct-node-routes|native[ -]routing[ -]cidr"),
    ("etcd", r"^etcdserver: |discovery failed|member count is unequal|member .* has already been bootstrapped|failed to reach the peerURL|prober (?:detected|found)|lost leader .* at term|the local etcd version|failed to find remote peer"),
    ("apiserver", r"Unable to authenticate the request|loading OpenAPI spec|error trying to reach service|failed calling webhook|Unable to remove old endpoints"),
    ("scheduler", r"^\d+/\d+ nodes are available"),
    ("controller-manager", r"Error creating: pods|error syncing (?:deployment|job|endpoint)|failed to sync (?:garbage|resource)|leaderelection lost.*kube-controller-manager"),
    ("kube-proxy", r"Failed to execute iptables-restore|[Ss]ync proxy rules"),
    ("lima", r"\[hostagent\]|guest agent|did not receive an event with the \"running\" status|limactl"),
    ("tart", r"The number of VMs exceeds|the specified VM"),
    ("kubeadm", r"\[preflight\]|^kubeadm|error execution phase"),
    ("docker", r"failed to start daemon|Handler for (?:POST|GET) /v\d|Docker daemon"),
    ("helm", r"release: not found|cannot re-use a name|has no deployed releases|Kubernetes cluster unreachable|(?:INSTALLATION|UPGRADE) FAILED|chart \"[^\"]+\" (?:version|not found)"),
    ("terraform", r"Error acquiring the state lock|Error: Provider produced"),
    ("postgresql", r"could not bind IPv[46] address|initdb:|pg_ctl|postmaster\.pid"),
    ("elasticsearch", r"bootstrap checks failed|master not discovered|flood[- ]stage disk watermark"),
    ("nginx", r"nginx: |upstream prematurely closed|could not build (?:server_names|variables)_hash|worker_connections are not enough"),
    ("envoy", r"^upstream connect error|no healthy upstream|gRPC config for type|StreamAggregatedResources"),
    ("istio", r"^(?:istiod|pilot-agent)\b"),
    ("cert-manager", r"cert-manager/|cert-manager-controller"),
    ("argocd", r"ComparisonError|Failed to load target state|application-controller"),
    ("prometheus", r"Error opening query log file|[Oo]pening storage failed|Error on ingesting (?:out-of-order|samples)|Failed to watch \*v1\..*prometheus"),
    ("grafana", r"migration failed \(id"),
    ("vault", r"\bunseal|barrier: "),
    ("metrics-server", r"Failed to scrape node|unable to fetch (?:pod|node) metrics"),
    ("external-dns", r"Failed to do run once|hosted zone"),
    ("csi", r"^GRPC error|failed to provision volume with StorageClass"),
    ("longhorn", r"[Ll]onghorn"),
    ("minikube", r"Exiting due to [A-Z]"),
    ("kind", r"^failed to create cluster"),
    ("npm", r"^npm (?:ERR|error)"),
    ("gunicorn", r"WORKER TIMEOUT|Worker failed to boot"),
    ("spring-boot", r"APPLICATION FAILED TO START|Failed to configure a DataSource"),
    ("php", r"^PHP (?:Fatal|Parse)|^\[pool \w+\]"),
)  # fmt: skip
"""Component and RE2 pattern of a message that only the component prints."""

PROGRAMS: dict[str, str] = {
    "postgres": "postgresql", "psql": "postgresql", "mysqld": "mysql", "mariadbd": "mysql", "mariadb": "mysql", "redis-server": "redis", "mongod": "mongodb",
    "dockerd": "docker", "containerd-shim": "containerd", "limactl": "lima", "virsh": "libvirt", "libvirtd": "libvirt", "httpd": "apache", "apache2": "apache",
    "kube-controller-manager": "controller-manager", "corefile": "coredns", "k3s": "k3s", "rke2": "rke2", "td-agent": "fluentd", "etcdserver": "etcd", "etcdmain": "etcd",
}  # fmt: skip
"""Component by the name of its program, where the two differ."""
