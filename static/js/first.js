(d=>{d.js="";try{const t=localStorage.theme;if(/^(light|dark)$/.test(t))d.theme=t}catch{}})(document.documentElement.dataset)
