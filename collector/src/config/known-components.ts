/** Names of the OpenTelemetry Collector's core and contrib components that Turret has not, to tell them from misspelt ones. */
import type { ComponentKind } from './component.ts'

/** Whether the Collector's distributions have a component of this kind and type. Source: their manifests, 0.135–0.161. */
export function isKnownToCollector(kind: ComponentKind, type: string): boolean {
  return names[kind].has(type)
}

const names: Readonly<Record<ComponentKind, ReadonlySet<string>>> = {
  receivers: toSet(`
    active_directory_ds aerospike apache apachespark awscloudwatch awscontainerinsightreceiver awsecscontainermetrics awsfirehose awss3
    awsxray azureblob azureeventhub azuremonitor bigip carbon chrony cloudflare cloudfoundry collectd couchdb datadog docker_stats
    elasticsearch envoyals expvar faro filelog file_log filestats flinkmetrics fluentforward github googlecloudmonitoring
    googlecloudpubsub googlecloudspanner haproxy hostmetrics host_metrics httpcheck iis influxdb jaeger jmx journald k8s_cluster
    k8s_events k8sobjects kafka kafkametrics kubeletstats libhoney loki memcached mongodb mongodbatlas mysql namedpipe netflow nginx nop
    nsxt ntp opencensus oracledb osquery otelarrow otlpjsonfile podman_stats postgresql prometheus prometheus_simple
    prometheusremotewrite pulsar purefa purefb rabbitmq receiver_creator redis riak saphana sapm signalfx skywalking snmp snowflake
    solace splunk_hec splunkenterprise sqlquery sqlserver sshcheck statsd stef syslog systemd tcpcheck tcplog tlscheck udplog vcenter
    wavefront webhookevent windowseventlog windowsperfcounters zipkin zookeeper`),
  processors: toSet(`
    attributes coralogix cumulativetodelta deltatocumulative deltatorate filter geoip groupbyattrs groupbytrace interval
    isolationforest k8sattributes k8s_attributes logdedup log_dedup logstransform metricsgeneration metricstarttime metricstransform
    probabilistic_sampler remotetap resource resourcedetection resource_detection routing schema span sumologic tail_sampling
    transform unroll`),
  exporters: toSet(`
    alertmanager alibabacloud_logservice awscloudwatchlogs awsemf awskinesis awss3 awsxray azureblob azuredataexplorer azuremonitor
    bmchelix carbon cassandra coralogix datadog dataset doris elasticsearch faro file googlecloud googlecloudpubsub
    googlemanagedprometheus honeycombmarker influxdb jaeger kafka loadbalancing load_balancing logging logicmonitor logzio loki mezmo
    nop opencensus opensearch otelarrow otlp otlp_grpc prometheus prometheusremotewrite pulsar rabbitmq sapm sentry signalfx splunk_hec
    stef sumologic syslog tencentcloud_logservice tinybird zipkin`),
  connectors: toSet(`
    count datadog exceptions failover forward grafanacloud metricsaslogs otlpjson roundrobin routing servicegraph
    signal_to_metrics signaltometrics slowsql span_metrics spanmetrics sum`),
  extensions: toSet(`
    ack asapclient aws_logs_encoding awsproxy azure_auth azure_encoding basicauth basic_auth bearertokenauth bearer_token_auth
    cgroupruntime datadog db_storage docker_observer ecs_observer ecs_task_observer file_storage google_cloud_logentry_encoding
    googleclientauth headers_setter healthcheckv2 host_observer http_forwarder jaeger_encoding jaegerremotesampling
    json_log_encoding k8s_leader_elector k8s_observer kafkatopics_observer memory_ballast memory_limiter oauth2client oidc opamp
    otlp_encoding pprof redis_storage sigv4auth skywalking_encoding solarwindsapmsettings sumologic text_encoding zipkin_encoding zpages`),
}

function toSet(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/))
}
