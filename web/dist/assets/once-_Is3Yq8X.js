class i{constructor(t){this.make=t}key="";of="";for(...t){const s=JSON.stringify(t);return(!this.key||s!==this.of)&&([this.key,this.of]=[this.make(),s]),this.key}done(){this.key=""}}export{i as O};
