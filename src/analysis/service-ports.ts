/** Ports of databases, caches, brokers, mail: the host beside one is theirs. */
export const SERVICE_PORTS =
  "25|389|465|587|1433|1521|2181|2379|3306|4222|4317|5432|5672|6379|6831|8086|8125|9042|9092|9200|11211|27017";
