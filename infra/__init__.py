"""What template.yaml refers to and what operates the deployment: builds, the local AWS, alarms, prices."""
