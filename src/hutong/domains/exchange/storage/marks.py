"""Names that files of this app carry, known to whoever writes or reads one."""

EXAMPLE_NAME = "示例·张三"
"""The person in the example row of every template; nobody is called so."""
ROW = "来源行"
"""Extra column of kept rows: the 1-based line in the sender's file; the contract puts unknown columns aside."""
