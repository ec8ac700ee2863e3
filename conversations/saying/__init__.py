"""Every sentence said to a person: values, questions, results, leads. Renders; decides and changes nothing."""
